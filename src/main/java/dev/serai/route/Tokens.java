package dev.serai.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.Role;
import dev.serai.catalog.Target;
import dev.serai.dialect.ChatRequest;
import dev.serai.dialect.EmbeddingRequest;
import dev.serai.dialect.ModelRequest;
import dev.serai.egress.PromptTokens;
import dev.serai.policy.TokenCounter;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Counts what a request would use, as the reservation of a call does, without making one. */
@Component("tokens")
final class Tokens {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Catalog catalog;
  private final TokenCounter counter;

  Tokens(Catalog catalog, TokenCounter counter) {
    this.catalog = catalog;
    this.counter = counter;
  }

  /**
   * Counts the request in the body: a chat request, or one with {@code input} instead of messages.
   * A role is counted for its first target, whether that can be called or not.
   */
  public void count(Exchange exchange) {
    Call call = Call.of(exchange);
    byte[] body = exchange.getMessage().getBody(byte[].class);
    ModelRequest request = Select.parsed(body, ModelRequest::parse);
    String model = target(call, Select.named(request, call.hintedRole)).modelId();
    ObjectNode answer = JSON.createObjectNode().put("model", model);
    switch (request) {
      case ChatRequest chat ->
          answer
              .put("input_tokens", PromptTokens.count(chat, model, counter))
              .put("exact", PromptTokens.exact(chat, model, counter));
      case EmbeddingRequest texts ->
          answer
              .put("input_tokens", LongStream.of(PromptTokens.each(texts, model, counter)).sum())
              .put("exact", PromptTokens.exact(texts, model, counter));
    }
    JsonReply.write(exchange, 200, answer.put("encoding", counter.encoding(model)));
  }

  private Target target(Call call, String named) {
    Role role = catalog.role(named);
    List<Target> targets = role == null ? catalog.resolve(named) : role.targets();
    if (targets.isEmpty() || !KeyScope.covers(call.key, named, catalog)) {
      throw Select.unknown(call);
    }
    return targets.getFirst();
  }
}
