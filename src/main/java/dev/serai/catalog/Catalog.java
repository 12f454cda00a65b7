package dev.serai.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * What is configured: providers, models with their prices, roles, and tenants' own prices.
 * Immutable, and every look-up is by hash.
 */
public final class Catalog {
  private final Map<String, Provider> providers;
  private final Map<String, Map<String, Model>> models;
  private final List<Model> modelList;
  private final Map<String, Role> roles;
  private final Map<String, List<Target>> plainTargets;
  private final Map<String, Target> qualifiedTargets;
  private final Map<String, Terms> terms;
  private final Target localTarget;
  private final @Nullable Target localEmbeddingTarget;

  private Catalog(
      CatalogProperties properties, String folder, SecretSource secrets, List<String> problems) {
    Entry providersFile = Entry.file(folder, "providers.yaml", problems);
    Entry modelsFile = Entry.file(folder, "models.yaml", problems);
    Entry rolesFile = Entry.file(folder, "roles.yaml", problems);
    Entry tenantsFile = Entry.file(folder, "tenants.yaml", problems);

    Map<String, Provider> readProviders = new LinkedHashMap<>();
    properties
        .providers()
        .forEach(
            (id, raw) ->
                readProviders.put(id, ProviderReader.read(id, raw, secrets, providersFile.at(id))));
    providers = Collections.unmodifiableMap(readProviders);

    Set<String> names = new LinkedHashSet<>();
    providers.values().forEach(provider -> names.add(provider.providerName()));
    List<Model> readModels = new ArrayList<>();
    for (int i = 0; i < properties.models().size(); i++) {
      CatalogProperties.ModelEntry raw = properties.models().get(i);
      String id = Entry.text(raw.id());
      Entry entry = modelsFile.at(id == null ? "model number " + (i + 1) : id);
      readModels.add(ModelReader.read(raw, names, entry));
    }
    modelList = List.copyOf(readModels);
    models = index(modelList, modelsFile);
    qualifiedTargets = new HashMap<>();
    plainTargets = targets(providers.values(), modelList, qualifiedTargets);

    Map<String, Role> readRoles = new LinkedHashMap<>();
    properties
        .roles()
        .forEach(
            (name, raw) ->
                readRoles.put(name, RoleReader.read(name, raw, this::resolve, rolesFile.at(name))));
    roles = Collections.unmodifiableMap(readRoles);

    Map<String, Terms> readTerms = new HashMap<>();
    properties
        .tenants()
        .forEach(
            (id, raw) -> readTerms.put(id, TermsReader.read(raw, this::model, tenantsFile.at(id))));
    terms = Map.copyOf(readTerms);

    Target local = localTarget(Model.Kind.CHAT);
    if (local == null) {
      providersFile.problem(
          "no provider has the dialect local and a model: add one, it answers while there is no"
              + " key");
    }
    if (local == null || !problems.isEmpty()) {
      throw new CatalogException(problems);
    }
    localTarget = local;
    localEmbeddingTarget = localTarget(Model.Kind.EMBEDDING);
  }

  /**
   * Builds the catalog from what the files say.
   *
   * @param folder the name of the files' folder, for messages
   * @throws CatalogException when anything is missing or wrong, with everything that is
   */
  public static Catalog of(CatalogProperties properties, String folder) {
    return new Catalog(properties, folder, SecretSource.LITERAL, new ArrayList<>());
  }

  /**
   * Builds the catalog from the settings {@code serai.providers}, {@code .models}, {@code .roles}
   * and, for their prices, {@code .tenants}.
   *
   * @param folder the name of the files' folder, for messages
   * @throws CatalogException when anything is missing, wrong or not a known setting
   */
  public static Catalog from(Environment environment, String folder) {
    return from(environment, folder, SecretSource.LITERAL);
  }

  /** As {@link #from(Environment, String)}, with secrets that are kept elsewhere. */
  public static Catalog from(Environment environment, String folder, SecretSource secrets) {
    CatalogProperties properties = CatalogBinding.read(environment, folder);
    return new Catalog(properties, folder, secrets, new ArrayList<>());
  }

  /** The role of that name; null when there is none. */
  public @Nullable Role role(String name) {
    return roles.get(name);
  }

  /** All roles, in configured order. */
  public Collection<Role> roles() {
    return roles.values();
  }

  /** The provider of that id; null when there is none. */
  public @Nullable Provider provider(String id) {
    return providers.get(id);
  }

  /** All providers, in configured order. */
  public Collection<Provider> providers() {
    return providers.values();
  }

  /** All models, in configured order. */
  public Collection<Model> models() {
    return modelList;
  }

  /** The model that a provider name offers under that id, alias or profile; null for none. */
  public @Nullable Model model(String providerName, String modelId) {
    Map<String, Model> offered = models.get(providerName);
    return offered == null ? null : offered.get(modelId);
  }

  /** Every provider that has a model of that id, alias or profile, in configured order. */
  public List<Target> targetsOf(String plainModel) {
    return plainTargets.getOrDefault(plainModel, List.of());
  }

  /**
   * The target that {@code provider/model} names; null unless the first segment is the id of a
   * provider and something follows it. The catalog need not know the model.
   */
  public @Nullable Target qualified(String text) {
    Target known = qualifiedTargets.get(text);
    if (known != null) {
      return known;
    }
    int slash = text.indexOf('/');
    if (slash < 0 || slash == text.length() - 1) {
      return null;
    }
    Provider provider = providers.get(text.substring(0, slash));
    return provider == null ? null : unlisted(provider, text.substring(slash + 1));
  }

  /** On AWS the last part of an ARN may be a model or a profile that the catalog does know. */
  private Target unlisted(Provider provider, String modelId) {
    Model model =
        modelId.startsWith("arn:")
            ? model(provider.providerName(), modelId.substring(modelId.lastIndexOf('/') + 1))
            : null;
    return new Target(provider, modelId, model);
  }

  /**
   * The targets of a model as a caller names it; empty when it is unknown. What the catalog knows
   * goes before a guess: {@code anthropic/claude-sonnet-4} is OpenRouter's model of that id, though
   * a provider {@code anthropic} is configured, because Anthropic's has another id.
   */
  public List<Target> resolve(String text) {
    Target known = qualifiedTargets.get(text);
    if (known != null) {
      return List.of(known);
    }
    List<Target> plain = targetsOf(text);
    if (!plain.isEmpty()) {
      return plain;
    }
    Target unknown = qualified(text);
    return unknown == null ? List.of() : List.of(unknown);
  }

  /** What a tenant is charged by: the list prices, unless its configuration says otherwise. */
  public Terms terms(String tenantId) {
    return terms.getOrDefault(tenantId, Terms.LIST);
  }

  /** What answers when no provider has a key. */
  public Target localTarget() {
    return localTarget;
  }

  /** What makes vectors when no provider has a key; null when no such model is configured. */
  public @Nullable Target localEmbeddingTarget() {
    return localEmbeddingTarget;
  }

  private static Map<String, Map<String, Model>> index(List<Model> models, Entry file) {
    Map<String, Map<String, Model>> index = new HashMap<>();
    for (Model model : models) {
      Map<String, Model> offered =
          index.computeIfAbsent(model.providerName(), name -> new HashMap<>());
      for (String name : namesOf(model)) {
        if (!name.isEmpty() && offered.putIfAbsent(name, model) != null) {
          file.at(model.id())
              .problem(
                  "%s is there twice for provider %s: name each model, alias and profile once"
                      .formatted(name, model.providerName()));
        }
      }
    }
    return index;
  }

  private static Map<String, List<Target>> targets(
      Collection<Provider> providers, List<Model> models, Map<String, Target> qualified) {
    Map<String, List<Target>> plain = new HashMap<>();
    for (Provider provider : providers) {
      for (Model model : models) {
        if (!model.providerName().equals(provider.providerName())) {
          continue;
        }
        for (String name : namesOf(model)) {
          String upstream = model.inferenceProfiles().contains(name) ? name : model.id();
          Target target = new Target(provider, upstream, model);
          plain.computeIfAbsent(name, key -> new ArrayList<>()).add(target);
          qualified.put(provider.id() + "/" + name, target);
        }
      }
    }
    plain.replaceAll((name, targets) -> List.copyOf(targets));
    return plain;
  }

  private static List<String> namesOf(Model model) {
    List<String> names = new ArrayList<>();
    names.add(model.id());
    names.addAll(model.aliases());
    names.addAll(model.inferenceProfiles());
    return names;
  }

  private @Nullable Target localTarget(Model.Kind kind) {
    for (Provider provider : providers.values()) {
      if (provider.dialect() == Dialect.LOCAL) {
        for (Model model : modelList) {
          if (model.kind() == kind && model.providerName().equals(provider.providerName())) {
            return new Target(provider, model.id(), model);
          }
        }
      }
    }
    return null;
  }
}
