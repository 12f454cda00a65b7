package dev.serai.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;

/** JSON as the AWS SDK has it, and back; the order of keys and the digits of numbers stay. */
final class Documents {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Documents() {}

  static Document of(JsonNode json) {
    return switch (json.getNodeType()) {
      case OBJECT -> {
        Map<String, Document> fields = LinkedHashMap.newLinkedHashMap(json.size());
        json.properties().forEach(field -> fields.put(field.getKey(), of(field.getValue())));
        yield Document.fromMap(fields);
      }
      case ARRAY -> {
        List<Document> elements = new ArrayList<>(json.size());
        json.forEach(element -> elements.add(of(element)));
        yield Document.fromList(elements);
      }
      case STRING -> Document.fromString(json.textValue());
      case BOOLEAN -> Document.fromBoolean(json.booleanValue());
      case NUMBER -> Document.fromNumber(json.asText());
      case NULL, MISSING, BINARY, POJO -> Document.fromNull();
    };
  }

  static JsonNode json(Document document) {
    if (document.isMap()) {
      ObjectNode object = NODES.objectNode();
      document.asMap().forEach((name, value) -> object.set(name, json(value)));
      return object;
    }
    if (document.isList()) {
      ArrayNode array = NODES.arrayNode();
      document.asList().forEach(element -> array.add(json(element)));
      return array;
    }
    if (document.isString()) {
      return NODES.textNode(document.asString());
    }
    if (document.isBoolean()) {
      return NODES.booleanNode(document.asBoolean());
    }
    if (document.isNumber()) {
      return number(new BigDecimal(document.asNumber().stringValue()));
    }
    return NODES.nullNode();
  }

  private static JsonNode number(BigDecimal number) {
    return number.scale() == 0 ? NODES.numberNode(number.toBigInteger()) : NODES.numberNode(number);
  }
}
