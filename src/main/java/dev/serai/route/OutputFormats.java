package dev.serai.route;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.OutputFormat;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Reads what an answer has to be like before anything is sent. Schemas that were read are kept. */
@Component("outputFormats")
final class OutputFormats {

  private static final long MOST_CHARACTERS = 256 << 10;
  private static final OutputFormat ANY = OutputFormat.of(null);

  private final LoadingCache<String, OutputFormat> formats =
      Caffeine.newBuilder()
          .maximumWeight(MOST_CHARACTERS)
          .weigher((String json, OutputFormat format) -> json.length())
          .build(OutputFormat::of);

  /** 400 when the answer cannot be checked against what the request asks for. */
  public void read(Exchange exchange) {
    Call call = Call.of(exchange);
    String json = call.chat().responseFormat();
    try {
      call.outputFormat = json == null ? ANY : formats.get(json);
    } catch (InvalidRequestException e) {
      throw new ApiException(
          ApiError.invalidRequest(String.valueOf(e.getMessage()), e.param(), e.code()));
    }
  }
}
