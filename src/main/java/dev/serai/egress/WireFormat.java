package dev.serai.egress;

import dev.serai.catalog.Secret;
import dev.serai.dialect.InvalidRequestException;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** How what a provider speaks differs from OpenAI's API, which the rest of Serai speaks. */
interface WireFormat {

  /**
   * Where an operation of OpenAI's API is found at the provider, relative to its base URL; null
   * where the provider has none.
   */
  @Nullable String path(String operation);

  /** The headers of every request: the key, and what else the provider insists on. */
  Map<String, String> headers(@Nullable Secret key);

  /**
   * The translation of one call.
   *
   * @throws InvalidRequestException when the request asks for what this format cannot say
   */
  Translation translate(UpstreamRequest request);

  /** One call's request on its way out, and its answer on its way back. Used by one thread. */
  interface Translation {

    /** The bytes to send. */
    byte[] request();

    /** A whole 2xx answer in OpenAI's form; null when the body is no answer. */
    byte @Nullable [] answer(byte[] body);

    /** The body of a 4xx in OpenAI's form. */
    byte[] error(int status, byte[] body);

    /**
     * Adds what an event of the provider's says as events of OpenAI's form: none, one or several.
     * An event that cannot be read becomes an error.
     */
    void event(byte[] event, Queue<byte[]> out);
  }
}
