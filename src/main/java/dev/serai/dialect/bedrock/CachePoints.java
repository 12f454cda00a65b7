package dev.serai.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointBlock;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointType;

/** Marks up to where Bedrock caches the prompt: a block of its own after what is marked. */
final class CachePoints {

  private CachePoints() {}

  /**
   * Adds one where there is a mark.
   *
   * @param mark {@code cache_control} as Anthropic has it, with an optional {@code ttl} of {@code
   *     5m} or {@code 1h}; null or no object for none
   */
  static void add(@Nullable JsonNode mark, Consumer<CachePointBlock> blocks) {
    if (mark == null || !mark.isObject()) {
      return;
    }
    CachePointBlock.Builder block = CachePointBlock.builder().type(CachePointType.DEFAULT);
    if (mark.path("ttl").isTextual()) {
      block.ttl(mark.path("ttl").textValue());
    }
    blocks.accept(block.build());
  }
}
