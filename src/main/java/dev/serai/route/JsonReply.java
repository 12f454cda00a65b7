package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** What the gateway itself says over HTTP. */
final class JsonReply {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonReply() {}

  /** Sets body, status and headers of the reply. */
  static void write(Exchange exchange, int status, ObjectNode body) {
    try {
      byte[] bytes = JSON.writeValueAsBytes(body);
      Message message = exchange.getMessage();
      message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
      message.setHeader(Exchange.CONTENT_TYPE, "application/json");
      message.setHeader(Exchange.CONTENT_LENGTH, bytes.length);
      message.setBody(bytes);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a text", e);
    }
  }
}
