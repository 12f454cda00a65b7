package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A piece of a message's content. */
public sealed interface Part {

  /** The provider's mark for caching the prompt up to here, as it was sent; null without one. */
  @Nullable JsonNode cacheControl();

  /** Text, never empty. */
  record Text(String text, @Nullable JsonNode cacheControl) implements Part {
    /** Says nothing of the content. */
    @Override
    public String toString() {
      return "Text";
    }
  }

  /**
   * An image inside the request.
   *
   * @param mediaType in lower case, such as {@code image/png}
   * @param base64 its bytes in base64, checked
   * @param at where it stands in the request, for errors
   */
  record Image(String mediaType, String base64, @Nullable JsonNode cacheControl, String at)
      implements Part {
    /** Says nothing of the content. */
    @Override
    public String toString() {
      return "Image[" + mediaType + "]";
    }
  }

  /**
   * An image elsewhere.
   *
   * @param url with {@code http} or {@code https}
   * @param at where it stands in the request, for errors
   */
  record LinkedImage(String url, @Nullable JsonNode cacheControl, String at) implements Part {
    /** Says nothing of the content. */
    @Override
    public String toString() {
      return "LinkedImage";
    }
  }

  /**
   * A document inside the request.
   *
   * @param mediaType in lower case, such as {@code application/pdf}
   * @param base64 its bytes in base64, checked
   * @param name its file name; null when it has none
   * @param at where it stands in the request, for errors
   */
  record Document(
      String mediaType,
      String base64,
      @Nullable String name,
      @Nullable JsonNode cacheControl,
      String at)
      implements Part {
    /** Says nothing of the content. */
    @Override
    public String toString() {
      return "Document[" + mediaType + "]";
    }
  }
}
