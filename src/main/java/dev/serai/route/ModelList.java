package dev.serai.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.Model;
import dev.serai.catalog.Provider;
import dev.serai.catalog.Role;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.tenant.GatewayKey;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/** What can be named as {@code model}: roles, models, and models at a certain target. */
@Component("modelList")
final class ModelList {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, ObjectNode> models = new LinkedHashMap<>();
  private final Catalog catalog;
  private final HealthEndpoint health;

  ModelList(Catalog catalog, HealthEndpoint health, Clock clock) {
    this.catalog = catalog;
    this.health = health;
    long created = clock.instant().getEpochSecond();
    for (Role role : catalog.roles()) {
      add(role.name(), "serai", created);
    }
    for (Model model : catalog.models()) {
      add(model.id(), model.providerName(), created);
      model.aliases().forEach(alias -> add(alias, model.providerName(), created));
      for (Provider provider : catalog.providers()) {
        if (provider.providerName().equals(model.providerName())) {
          add(provider.id() + "/" + model.id(), model.providerName(), created);
        }
      }
    }
  }

  private void add(String id, String owner, long created) {
    models.computeIfAbsent(
        id,
        name ->
            JSON.createObjectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", created)
                .put("owned_by", owner));
  }

  /** All that the caller's key may ask, as OpenAI lists models. */
  public void list(Exchange exchange) {
    ObjectNode root = JSON.createObjectNode().put("object", "list");
    ArrayNode data = root.putArray("data");
    GatewayKey key = Call.of(exchange).key;
    models.forEach(
        (id, model) -> {
          if (KeyScope.covers(key, id, catalog)) {
            data.add(model);
          }
        });
    JsonReply.write(exchange, 200, root);
  }

  /** The one whose id is the body. */
  public void one(Exchange exchange) {
    String id = exchange.getMessage().getBody(String.class);
    ObjectNode model = models.get(id);
    if (model == null || !KeyScope.covers(Call.of(exchange).key, id, catalog)) {
      throw new ApiException(
          ApiError.modelNotFound(
              "There is no such role, model or target: GET /v1/models lists what can be named."));
    }
    JsonReply.write(exchange, 200, model);
  }

  /** Whether the gateway can work; a provider's outage does not count. */
  public void health(Exchange exchange) {
    exchange.getMessage().removeHeaders("*");
    Status status = health.health().getStatus();
    JsonReply.write(
        exchange,
        Status.UP.equals(status) ? 200 : 503,
        JSON.createObjectNode().put("status", status.getCode()));
  }
}
