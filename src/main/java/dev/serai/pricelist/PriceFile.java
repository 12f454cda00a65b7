package dev.serai.pricelist;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads a price file from the disk; which kind it is shows in its contents. */
final class PriceFile {
  private static final long MOST_BYTES = 64L << 20;
  private static final String REMEDY =
      "Give LiteLLM's model_prices_and_context_window.json, or what OpenRouter's"
          + " https://openrouter.ai/api/v1/models answers, saved to a file.";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/@+-]{1,256}");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private PriceFile() {}

  /**
   * Reads a file.
   *
   * @throws PriceFileException when it cannot be read or is of no kind that is known
   */
  static PriceList read(Path file) {
    JsonNode root = json(file);
    List<Offer> offers = new ArrayList<>();
    List<String> passedOver = new ArrayList<>();
    BiConsumer<String, String> reason = (id, why) -> passedOver.add(id + ": " + why);
    Consumer<Offer> usable =
        offer -> {
          if (ID.matcher(offer.id()).matches()) {
            offers.add(offer);
          } else {
            reason.accept(offer.id(), "a name that models.yaml does not allow");
          }
        };
    String source;
    if (OpenRouterFile.matches(root)) {
      source = OpenRouterFile.SOURCE;
      OpenRouterFile.read(root, usable, reason);
    } else if (LiteLlmFile.matches(root)) {
      source = LiteLlmFile.SOURCE;
      LiteLlmFile.read(root, usable, reason);
    } else {
      throw new PriceFileException(file + " is no price file that is known.", REMEDY);
    }
    return new PriceList(source, day(file), List.copyOf(offers), List.copyOf(passedOver));
  }

  private static JsonNode json(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new PriceFileException(file + " is larger than 64 MB.", REMEDY);
      }
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new PriceFileException(file + " is no JSON.", REMEDY);
    } catch (IOException e) {
      throw new PriceFileException(file + " cannot be read.", REMEDY);
    }
  }

  private static LocalDate day(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant().atZone(ZoneOffset.UTC).toLocalDate();
    } catch (IOException e) {
      throw new PriceFileException(file + " cannot be read.", REMEDY);
    }
  }
}
