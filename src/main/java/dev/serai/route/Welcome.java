package dev.serai.route;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.Model;
import dev.serai.catalog.Provider;
import dev.serai.catalog.Role;
import dev.serai.policy.TokenCounter;
import dev.serai.tenant.ConfiguredTenants;
import dev.serai.tenant.Tenants;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says on the console, once the gateway is ready, what to type next. */
@Component
final class Welcome {

  private static final Logger LOG = LoggerFactory.getLogger(Welcome.class);

  private final Catalog catalog;
  private final Upstreams upstreams;
  private final Tenants tenants;
  private final ConfiguredTenants configuration;
  private final GatewayProperties settings;
  private final Inbox inbox;
  private final TokenCounter counter;
  private final Environment environment;

  Welcome(
      Catalog catalog,
      Upstreams upstreams,
      Tenants tenants,
      ConfiguredTenants configuration,
      GatewayProperties settings,
      Inbox inbox,
      TokenCounter counter,
      Environment environment) {
    this.catalog = catalog;
    this.upstreams = upstreams;
    this.tenants = tenants;
    this.configuration = configuration;
    this.settings = settings;
    this.inbox = inbox;
    this.counter = counter;
    this.environment = environment;
  }

  /** Prints the welcome, and readies what the first request would otherwise wait for. */
  @EventListener(ApplicationReadyEvent.class)
  public void ready() {
    Thread.ofPlatform().daemon().name("warm-up").start(counter::warmUp);
    if (LOG.isInfoEnabled()) {
      LOG.info(text());
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder(600);
    text.append("Serai answers at ").append(address()).append('\n');
    text.append("  targets: ").append(targets()).append('\n');
    if (tenants.configured()) {
      text.append("  keys:    ").append(keys()).append('\n');
    } else {
      text.append("  try:     curl ").append(address()).append("/v1/chat/completions");
      text.append(" -H 'Authorization: Bearer ").append(Tenants.DEV_KEY).append('\'');
      text.append(" -H 'Content-Type: application/json'");
      text.append(" -d '{").append(model());
      text.append("\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}'\n");
    }
    text.append("  files:   ");
    if (inbox.open()) {
      text.append("put a prompt into ")
          .append(inbox.folder().resolve("<role>").resolve("<name>.md"))
          .append(" and find its answer in ")
          .append(inbox.folder().resolveSibling("outbox"));
    } else {
      text.append("not watched");
    }
    return text.toString();
  }

  private String keys() {
    if (configuration.any()) {
      return "those of config/tenants.yaml, and those made by the admin API";
    }
    return "those made by the admin API; "
        + (settings.adminKey().isBlank()
            ? "to make one, set SERAI_ADMIN_KEY and start again"
            : "make one: curl -X POST "
                + address()
                + "/admin/v1/tenants/<tenant>/keys -H 'Authorization: Bearer '$SERAI_ADMIN_KEY"
                + " -H 'Content-Type: application/json' -d '{\"name\":\"first\"}'");
  }

  private String targets() {
    if (!upstreams.anyCredential()) {
      return unused()
          + "without a provider key the model `local` inside this process answers every role;"
          + " set OPENAI_API_KEY, here or in the file .env, and start again to ask OpenAI";
    }
    return unused()
        + String.join(
            ", ", catalog.providers().stream().filter(this::callable).map(Provider::id).toList());
  }

  /** What is missing beside a key that is set, which alone serves nothing. */
  private String unused() {
    List<String> names =
        catalog.providers().stream()
            .filter(provider -> provider.keyed() && !callable(provider))
            .map(Provider::credentialName)
            .toList();
    return names.isEmpty()
        ? ""
        : String.join(", ", names)
            + " is missing, without which the key beside it serves nothing; ";
  }

  private boolean callable(Provider provider) {
    return provider.usable() && upstreams.has(provider.id());
  }

  /** What the example must name so that it is answered: nothing if the default role is. */
  private String model() {
    Role byDefault = catalog.role("default");
    if (!upstreams.anyCredential() || (byDefault != null && answered(byDefault))) {
      return "";
    }
    String named =
        catalog.roles().stream()
            .filter(this::answered)
            .map(Role::name)
            .findFirst()
            .orElse(catalog.localTarget().id() + "/" + catalog.localTarget().modelId());
    return "\"model\":\"" + named + "\",";
  }

  private boolean answered(Role role) {
    return role.targets().stream()
        .filter(target -> callable(target.provider()))
        .limit(1)
        .anyMatch(target -> target.model() == null || target.model().kind() == Model.Kind.CHAT);
  }

  private String address() {
    String host = environment.getProperty("server.address", "127.0.0.1");
    boolean any = host.isBlank() || host.equals("0.0.0.0") || host.equals("::");
    String port = environment.getProperty("local.server.port", "8080");
    return "http://"
        + (any ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port;
  }
}
