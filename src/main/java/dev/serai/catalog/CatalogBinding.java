package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.ModelEntry;
import dev.serai.catalog.CatalogProperties.ProviderEntry;
import dev.serai.catalog.CatalogProperties.RoleEntry;
import dev.serai.catalog.CatalogProperties.TermsEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Reads the catalog's settings out of Spring's environment and refuses those it does not know: a
 * misspelt {@code cache-read} must not silently become the full price. (Spring's own check for
 * unknown settings does not look into lists of lists.)
 */
final class CatalogBinding {
  private final Environment environment;
  private final String folder;
  private final List<String> problems = new ArrayList<>();

  private CatalogBinding(Environment environment, String folder) {
    this.environment = environment;
    this.folder = folder;
  }

  static CatalogProperties read(Environment environment, String folder) {
    CatalogBinding binding = new CatalogBinding(environment, folder);
    CatalogProperties properties =
        new CatalogProperties(
            binding.inFileOrder(
                "providers",
                binding.bind(
                    "providers", Bindable.mapOf(String.class, ProviderEntry.class), Map.of())),
            binding.bind("models", Bindable.listOf(ModelEntry.class), List.of()),
            binding.inFileOrder(
                "roles",
                binding.bind("roles", Bindable.mapOf(String.class, RoleEntry.class), Map.of())),
            binding.bindTerms());
    if (!binding.problems.isEmpty()) {
      throw new CatalogException(binding.problems);
    }
    return properties;
  }

  /** Of tenants only the prices are looked at: all else of them is read elsewhere. */
  private Map<String, TermsEntry> bindTerms() {
    return bind(
        "tenants",
        Bindable.mapOf(String.class, TermsEntry.class),
        Map.of(),
        name ->
            name.getNumberOfElements() > 3 && name.getElement(3, Form.UNIFORM).equals("models"));
  }

  private <T> T bind(String name, Bindable<T> shape, T none) {
    return bind(name, shape, none, any -> true);
  }

  private <T> T bind(
      String name, Bindable<T> shape, T none, Predicate<ConfigurationPropertyName> ours) {
    Entry file = Entry.file(folder, name + ".yaml", problems);
    ConfigurationPropertyName root = ConfigurationPropertyName.of("serai." + name);
    KnownNames known = new KnownNames();
    try {
      T bound = Binder.get(environment).bind(root, shape, known).orElse(none);
      refuseUnknown(root, known, ours, file);
      return bound;
    } catch (BindException e) {
      file.problem(e.getName() + " cannot be read: compare its shape with the packaged file");
      return none;
    }
  }

  /** A variable that sets one entry would otherwise bring that entry to the front. */
  private <T> Map<String, T> inFileOrder(String name, Map<String, T> bound) {
    ConfigurationPropertyName root = ConfigurationPropertyName.of("serai." + name);
    UnboundElementsSourceFilter fromFile = new UnboundElementsSourceFilter();
    Map<String, T> ordered = new LinkedHashMap<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (fromFile.apply(source) && source instanceof IterableConfigurationPropertySource names) {
        for (ConfigurationPropertyName setting : names) {
          if (root.isAncestorOf(setting)) {
            String key = setting.getElement(root.getNumberOfElements(), Form.ORIGINAL);
            T value = bound.get(key);
            if (value != null) {
              ordered.put(key, value);
            }
          }
        }
      }
    }
    bound.forEach(ordered::putIfAbsent);
    return ordered;
  }

  /** Environment variables and system properties are left alone: they may be meant for others. */
  private void refuseUnknown(
      ConfigurationPropertyName root,
      KnownNames known,
      Predicate<ConfigurationPropertyName> ours,
      Entry file) {
    UnboundElementsSourceFilter fromFile = new UnboundElementsSourceFilter();
    Set<ConfigurationPropertyName> told = new HashSet<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (fromFile.apply(source) && source instanceof IterableConfigurationPropertySource names) {
        for (ConfigurationPropertyName name : names) {
          ConfigurationPropertyName unknown =
              root.isAncestorOf(name) && ours.test(name) ? known.firstUnknown(root, name) : null;
          if (unknown != null && told.add(unknown)) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            file.problem(
                "%s is no known setting (%s): mend its name or leave it out"
                    .formatted(unknown, property == null ? source : property.getOrigin()));
          }
        }
      }
    }
  }

  /** The names that binding asked for: all that it could have used, set or not. */
  private static final class KnownNames extends AbstractBindHandler {
    private final Set<ConfigurationPropertyName> asked = new HashSet<>();

    @Override
    public <T> Bindable<T> onStart(
        ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
      asked.add(name);
      return target;
    }

    /** Null when all is known, or when a list of another source stands in for this one. */
    @Nullable ConfigurationPropertyName firstUnknown(
        ConfigurationPropertyName root, ConfigurationPropertyName name) {
      for (int size = root.getNumberOfElements() + 1; size <= name.getNumberOfElements(); size++) {
        ConfigurationPropertyName part = name.chop(size);
        if (!asked.contains(part)) {
          return part.isLastElementIndexed() && part.isNumericIndex(size - 1) ? null : part;
        }
      }
      return null;
    }
  }
}
