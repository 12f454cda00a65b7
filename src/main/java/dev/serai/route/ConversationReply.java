package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.StoredMessage;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.springframework.stereotype.Component;

/** Shows a tenant its conversation, or deletes it. */
@Component("conversationReply")
final class ConversationReply {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Conversation conversation;

  ConversationReply(Conversation conversation) {
    this.conversation = conversation;
  }

  /** The messages in their order, as they were sent, each with its tokens. */
  public void show(Exchange exchange) throws JsonProcessingException {
    Call call = Call.of(exchange);
    List<StoredMessage> messages = conversation.all(call);
    if (messages.isEmpty()) {
      throw unknown();
    }
    ObjectNode root =
        JSON.createObjectNode()
            .put("id", call.conversationId)
            .put("object", "conversation")
            .put("created_at", messages.getFirst().createdAt().toString())
            .put("token_count", messages.stream().mapToLong(StoredMessage::tokens).sum());
    ArrayNode list = root.putArray("messages");
    for (StoredMessage message : messages) {
      ObjectNode entry = list.addObject();
      entry.setAll((ObjectNode) JSON.readTree(message.message().json()));
      entry
          .put("token_count", message.tokens())
          .put("request_id", message.requestId())
          .put("created_at", message.createdAt().toString());
    }
    reply(exchange, root);
  }

  /** Deletes all of its messages. */
  public void forget(Exchange exchange) throws JsonProcessingException {
    Call call = Call.of(exchange);
    if (conversation.forget(call) == 0) {
      throw unknown();
    }
    reply(
        exchange,
        JSON.createObjectNode()
            .put("id", call.conversationId)
            .put("object", "conversation.deleted")
            .put("deleted", true));
  }

  private static ApiException unknown() {
    return new ApiException(
        ApiError.notFound(
            "There is no such conversation: it was never begun, has been deleted, or is too old."));
  }

  private static void reply(Exchange exchange, ObjectNode body) throws JsonProcessingException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    Message message = exchange.getMessage();
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader(Exchange.CONTENT_LENGTH, bytes.length);
    message.setBody(bytes);
  }
}
