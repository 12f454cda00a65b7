package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.dialect.Operation;
import dev.serai.ledger.Claim;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One file of the inbox on its way to an answer. */
final class PromptFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int LONGEST_NAME = 255;

  private final Path inbox;
  private final Path path;
  private final Path relative;
  private final @Nullable FileState state;
  private String fingerprint = "";
  private String key;

  /** The conversation that a prompt names at its top. */
  @Nullable String conversationId;

  @Nullable Claim claim;

  /** The answer, once there is one: it was paid and must not be lost. */
  @Nullable String result;

  /** Whether the answer is in the database. */
  boolean stored;

  PromptFile(Path inbox, Path relative) {
    this.inbox = inbox;
    this.path = inbox.resolve(relative);
    this.relative = relative;
    this.state = FileState.of(path);
    this.key = hash(relative.toString().getBytes(StandardCharsets.UTF_8));
  }

  Path path() {
    return path;
  }

  /** Below the inbox: the role's folder and the name. */
  Path relative() {
    return relative;
  }

  /** How it was when it was found; null when it was gone. */
  @Nullable FileState state() {
    return state;
  }

  /** Whether it is still what was found: in its place, not written to and reached by no link. */
  boolean unchanged() {
    return state != null && state.equals(FileState.of(path)) && Inbox.direct(inbox, relative);
  }

  /** The content's SHA-256. */
  String fingerprint() {
    return fingerprint;
  }

  /** The same for the same file with the same content at the same time of change, and no other. */
  String key() {
    return key;
  }

  /**
   * Reads the file as a request for that operation.
   *
   * @throws ApiException when it is none: empty, too large, not text, of an unknown kind or with a
   *     name that leaves no room for the answer's; 429 when it changes meanwhile
   */
  byte[] read(long maxBytes, Operation operation) throws IOException {
    String kind = kindByName();
    if (state == null || !unchanged()) {
      throw changed();
    }
    if (!state.ordinary()) {
      throw invalid("This is no ordinary file: put the file itself into the inbox.");
    }
    if (state.size() > maxBytes) {
      throw new ApiException(
          ApiError.tooLarge("The file is larger than " + maxBytes + " bytes: split it."));
    }
    byte[] content;
    try {
      content = Files.readAllBytes(path);
    } catch (IOException e) {
      throw unchanged() ? invalid("The file cannot be read: check who may read it.") : changed();
    }
    if (!unchanged()) {
      throw changed();
    }
    fingerprint = hash(content);
    key =
        hash(
            (relative + "\n" + state.modified() + "\n" + fingerprint)
                .getBytes(StandardCharsets.UTF_8));
    return kind.equals("json") ? whole(content) : prompt(content, operation);
  }

  private String kindByName() {
    String kind = FileEntry.kind(relative);
    if (kind == null) {
      throw invalid("Files end in .txt or .md for a prompt, or .json for a chat request.");
    }
    String name = String.valueOf(relative.getFileName());
    if (kind.equals("json")
        && FileEntry.kind(Path.of(name.substring(0, name.lastIndexOf('.')))) != null) {
      throw invalid(
          "A name with two endings is that of another file's answer: rename it to end in .json"
              + " only.");
    }
    if ((name + ".json").getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw invalid("The file's name is too long for its answer's: use at most 250 bytes.");
    }
    return kind;
  }

  private static ApiException changed() {
    return new ApiException(ApiError.rateLimited("The file is just being changed.", null));
  }

  private byte[] prompt(byte[] content, Operation operation) throws JsonProcessingException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw invalid("The file is not UTF-8 text: a prompt file holds text and nothing else.");
    }
    if (text.indexOf('\0') >= 0) {
      throw invalid("The file is binary: a prompt file holds text and nothing else.");
    }
    if (text.startsWith("\ufeff")) {
      text = text.substring(1);
    }
    FrontMatter front = FrontMatter.of(text);
    conversationId = front.conversation();
    text = front.prompt();
    if (text.isBlank()) {
      throw invalid("The file is empty: write the prompt into it.");
    }
    ObjectNode request = JSON.createObjectNode();
    if (operation == Operation.EMBEDDINGS) {
      request.put("input", text);
    } else {
      request.putArray("messages").addObject().put("role", "user").put("content", text);
    }
    return JSON.writeValueAsBytes(request);
  }

  /** A file is answered whole, whatever it says about streaming. */
  private static byte[] whole(byte[] content) throws JsonProcessingException {
    if (content.length == 0) {
      throw invalid("The file is empty: write a chat request as JSON into it.");
    }
    JsonNode tree;
    try {
      tree = JSON.readTree(content);
    } catch (IOException e) {
      return content;
    }
    if (tree instanceof ObjectNode request && request.has("stream")) {
      request.remove("stream");
      request.remove("stream_options");
      return JSON.writeValueAsBytes(request);
    }
    return content;
  }

  private static ApiException invalid(String message) {
    return new ApiException(ApiError.invalidRequest(message, null, "invalid_file"));
  }

  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
