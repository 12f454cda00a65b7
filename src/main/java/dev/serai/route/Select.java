package dev.serai.route;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Dialect;
import dev.serai.catalog.Model;
import dev.serai.catalog.Provider;
import dev.serai.catalog.Role;
import dev.serai.catalog.Target;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.dialect.ChatRequest;
import dev.serai.dialect.EmbeddingRequest;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.ModelRequest;
import dev.serai.dialect.Operation;
import dev.serai.tenant.Tenant;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** From what the request names to the targets that are asked, in their order. */
@Component("select")
final class Select {

  private static final Duration COME_BACK = Duration.ofSeconds(60);
  private static final String DEFAULT_ROLE = "default";

  private final Catalog catalog;
  private final Upstreams upstreams;
  private final Payers payers;

  Select(Catalog catalog, Upstreams upstreams, Payers payers) {
    this.catalog = catalog;
    this.upstreams = upstreams;
    this.payers = payers;
  }

  /** Reads the request once, for all stages. */
  public void read(Exchange exchange) {
    Call call = Call.of(exchange);
    byte[] body = exchange.getMessage().getBody(byte[].class);
    ModelRequest request =
        call.operation == Operation.CHAT
            ? parsed(body, ChatRequest::parse)
            : parsed(body, EmbeddingRequest::parse);
    call.request = request;
    String named = named(request, call.hintedRole);
    call.requestModel = request.model() == null ? named : request.model();
    if (!KeyScope.covers(call.key, named, catalog)) {
      throw unknown(call);
    }
    exchange.setVariable(Variables.REQUEST_MODEL, named);
    exchange.setVariable(Variables.SELECTOR, selector(named));
  }

  /** The request in the body, or the contract's error. */
  static ModelRequest parsed(byte[] body, Function<byte[], ModelRequest> parser) {
    try {
      return parser.apply(body);
    } catch (InvalidRequestException e) {
      throw new ApiException(
          ApiError.invalidRequest(String.valueOf(e.getMessage()), e.param(), e.code()));
    }
  }

  /** What chooses the targets: the model, else the role that the entry was told, else a default. */
  static String named(ModelRequest request, @Nullable String role) {
    String model = request.model();
    if (model != null && !model.isBlank()) {
      return model;
    }
    if (role != null && !role.isBlank()) {
      return role;
    }
    return request instanceof ChatRequest ? DEFAULT_ROLE : Role.EMBEDDINGS;
  }

  private String selector(String named) {
    if (catalog.role(named) != null) {
      return "role";
    }
    Target qualified = catalog.qualified(named);
    boolean known = qualified != null && qualified.model() != null;
    return known || (qualified != null && catalog.targetsOf(named).isEmpty()) ? "target" : "model";
  }

  /** The targets of the role. */
  public void byRole(Exchange exchange) {
    Call call = Call.of(exchange);
    Role role = catalog.role(name(exchange));
    if (role == null) {
      throw unknown(call);
    }
    call.role = role;
    exchange.setVariable(Variables.ROLE_NAME, role.name());
    boolean local = !upstreams.anyCredential() && payers.livesOnThePlatform(call.tenant());
    choose(exchange, call, local ? List.of(local(role)) : role.targets());
  }

  /** What answers a role while there is no key: the local model of the kind that the role asks. */
  private Target local(Role role) {
    Target embedding = catalog.localEmbeddingTarget();
    return role.kind() == Model.Kind.EMBEDDING && embedding != null
        ? embedding
        : catalog.localTarget();
  }

  private static Model.Kind kind(Operation operation) {
    return operation == Operation.CHAT ? Model.Kind.CHAT : Model.Kind.EMBEDDING;
  }

  /**
   * The one target that the name says. Some names mean two things: {@code openai/gpt-4o} is also
   * what OpenRouter calls its own, and it stands in where the first has no credential.
   */
  public void byTarget(Exchange exchange) {
    Target target = catalog.qualified(name(exchange));
    Call call = Call.of(exchange);
    if (target == null) {
      throw unknown(call);
    }
    List<Target> targets = new ArrayList<>(List.of(target));
    if (!payable(call.tenant(), target)) {
      targets.addAll(catalog.targetsOf(name(exchange)));
    }
    choose(exchange, call, targets);
  }

  /** Every target that offers the model. */
  public void byModel(Exchange exchange) {
    List<Target> targets = catalog.targetsOf(name(exchange));
    Call call = Call.of(exchange);
    if (targets.isEmpty()) {
      throw unknown(call);
    }
    choose(exchange, call, targets);
  }

  private boolean payable(Tenant tenant, Target target) {
    return upstreams.has(target.id())
        && switch (payers.of(tenant, target.provider())) {
          case Payer.Own own -> true;
          case Payer.Platform platform -> target.provider().usable();
          case Payer.Nobody nobody -> false;
          // It must not be paid for elsewhere in its place.
          case Payer.Locked locked -> true;
        };
  }

  private void choose(Exchange exchange, Call call, List<Target> targets) {
    List<Target> usable = new ArrayList<>(targets.size());
    Set<String> missing = new LinkedHashSet<>();
    Set<Provider> unpaid = new LinkedHashSet<>();
    Set<Provider> locked = new LinkedHashSet<>();
    Model.Kind kind = kind(call.operation);
    for (Target target : targets) {
      if (!offers(target, kind)) {
        continue;
      }
      Payer payer = payers.of(call.tenant(), target.provider());
      boolean own = payer instanceof Payer.Own;
      if (payer instanceof Payer.Locked) {
        locked.add(target.provider());
      } else if (payer instanceof Payer.Nobody) {
        unpaid.add(target.provider());
      } else if (!own && !target.provider().usable()) {
        missing.add("the credential " + target.provider().credentialName());
      } else if (!upstreams.has(target.id())) {
        missing.add("a route for the target " + target.id());
      } else if (own || locked.isEmpty()) {
        usable.add(target);
      }
    }
    if (usable.isEmpty()) {
      throw nobody(call, kind, locked, unpaid, missing);
    }
    take(exchange, call, usable);
  }

  private static ApiException nobody(
      Call call, Model.Kind kind, Set<Provider> locked, Set<Provider> unpaid, Set<String> missing) {
    if (!locked.isEmpty()) {
      return new ApiException(Payers.locked(call.tenant(), locked));
    }
    if (!unpaid.isEmpty()) {
      return new ApiException(Payers.keyRequired(call.tenant(), unpaid));
    }
    if (missing.isEmpty()) {
      return notSupported(kind);
    }
    return new ApiException(
        ApiError.noTarget(
            "No target can take this call; missing: "
                + String.join(", ", missing)
                + ". Set it for the gateway and start it again, or name another model.",
            COME_BACK));
  }

  private static void take(Exchange exchange, Call call, List<Target> usable) {
    call.targets = usable;
    if (call.request() instanceof EmbeddingRequest request) {
      call.parts = new EmbeddingParts(request, usable.getFirst());
    }
    call.addedTemperature = addedTemperature(call, usable.getFirst());
    exchange.removeVariable(Variables.SELECTOR);
    exchange.setVariable(Variables.TARGETS, usable);
  }

  /** What the catalog does not know may be of any kind, but Anthropic makes no embeddings. */
  private static boolean offers(Target target, Model.Kind kind) {
    Model model = target.model();
    return model == null
        ? kind == Model.Kind.CHAT || target.provider().dialect() != Dialect.ANTHROPIC
        : model.kind() == kind;
  }

  private static ApiException notSupported(Model.Kind kind) {
    return new ApiException(
        ApiError.invalidRequest(
            kind == Model.Kind.CHAT
                ? "This model makes embeddings and cannot chat: name a chat model or role."
                : "This model chats and makes no embeddings: name an embedding model, or the role"
                    + " embeddings.",
            "model",
            "model_not_supported"));
  }

  /** The role's temperature, where the request has none and the model would take one. */
  static @Nullable BigDecimal addedTemperature(Call call, Target target) {
    if (call.role == null
        || call.operation != Operation.CHAT
        || target.fixedSampling()
        || call.request().has("temperature")) {
      return null;
    }
    // Newer models of Anthropic's refuse both together, and the caller's wish goes first.
    if (target.provider().dialect() != Dialect.OPENAI && call.request().has("top_p")) {
      return null;
    }
    return call.role.temperature();
  }

  private static String name(Exchange exchange) {
    String named = exchange.getVariable(Variables.REQUEST_MODEL, String.class);
    return named == null ? DEFAULT_ROLE : named;
  }

  static ApiException unknown(Call call) {
    boolean folder = call.entryName.equals("file") && call.request().model() == null;
    return new ApiException(
        ApiError.modelNotFound(
            folder
                ? "No role is called like this folder: config/roles.yaml has the roles."
                : "There is no such role, model or target: GET /v1/models lists what can be"
                    + " named."));
  }
}
