package dev.serai.secret;

import dev.serai.secret.StubServer.Answer;
import dev.serai.secret.StubServer.Request;
import java.util.Map;

/** 1Password Connect's API: vaults by name, items by title, an item with its fields. */
record ConnectProtocol(String token, Map<String, String> kept) implements StubServer.Protocol {

  private static final String VAULT = "vaultvaultvaultvaultvault1";

  @Override
  public Answer answer(Request request) {
    if (!request.header("authorization").equals("Bearer " + token)) {
      return new Answer(401, "{\"status\":401,\"message\":\"Invalid token signature\"}");
    }
    String items = "/v1/vaults/" + VAULT + "/items";
    if (request.path().equals("/v1/vaults")) {
      return new Answer(
          200,
          request.query().equals("filter=name eq \"serai\"")
              ? "[{\"id\":\"%s\",\"name\":\"serai\"}]".formatted(VAULT)
              : "[]");
    }
    if (request.path().equals(items)) {
      String title = request.query().replaceAll("^filter=title eq \"(.*)\"$", "$1");
      return new Answer(
          200,
          kept.containsKey(title)
              ? "[{\"id\":\"%s\",\"title\":\"%s\",\"vault\":{\"id\":\"%s\"}}]"
                  .formatted(id(title), title, VAULT)
              : "[]");
    }
    for (String title : kept.keySet()) {
      if (request.path().equals(items + "/" + id(title))) {
        return new Answer(200, item(title));
      }
    }
    return new Answer(404, "{\"status\":404,\"message\":\"Item not found\"}");
  }

  private String item(String title) {
    return """
    {"id":"%s","title":"%s","category":"API_CREDENTIAL",
     "sections":[{"id":"s1","label":"Production"}],
     "fields":[{"id":"username","label":"username","value":"somebody"},
               {"id":"notesPlain","label":"notesPlain"},
               {"id":"credential","type":"CONCEALED","label":"credential","value":"%s"},
               {"id":"x9","section":{"id":"s1"},"label":"credential","value":"%s-of-production"}]}
    """
        .formatted(id(title), title, kept.get(title), kept.get(title));
  }

  private static String id(String title) {
    return "item%022d".formatted(title.hashCode() & 0x7fffffff);
  }
}
