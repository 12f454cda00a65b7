package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** How much of a request's content is files, videos and such. */
final class FileParts {

  /** In the request itself. */
  int bytes;

  /** Whether there are some that the provider has, or fetches. */
  boolean elsewhere;

  /** Whether a part's field of that name holds one. */
  static boolean is(String field) {
    return switch (field) {
      case "file",
          "input_file",
          "document",
          "file_data",
          "file_id",
          "file_url",
          "video_url",
          "audio_url" ->
          true;
      default -> false;
    };
  }

  boolean any() {
    return bytes > 0;
  }

  /** Reads the value of such a field, whose start is the current token. */
  void read(byte[] body, String field, JsonParser json) throws IOException {
    int start = RequestBody.start(json);
    if (json.currentToken() == JsonToken.START_OBJECT) {
      boolean inside = false;
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        boolean holds =
            switch (name) {
              case "file_data", "data", "bytes", "url" -> true;
              default -> false;
            };
        inside |= holds && inside(body, json);
        elsewhere |= name.equals("file_id") || name.equals("file_url");
        json.skipChildren();
      }
      elsewhere |= !inside;
    } else {
      elsewhere |= field.equals("file_id") || !inside(body, json);
    }
    json.finishToken();
    bytes += RequestBody.end(json) - start;
  }

  /** Whether a text is data, and no address or id; what could be either is taken for one. */
  private static boolean inside(byte[] body, JsonParser json) {
    int first = RequestBody.start(json) + 1;
    boolean text = json.currentToken() == JsonToken.VALUE_STRING && first + 3 < body.length;
    return text
        && body[first] != '\\'
        && !(body[first] == 'h' && body[first + 1] == 't' && body[first + 2] == 't')
        && !(body[first] == 'g' && body[first + 1] == 's' && body[first + 2] == ':');
  }
}
