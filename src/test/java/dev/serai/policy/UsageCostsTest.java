package dev.serai.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.Configured;
import dev.serai.catalog.Model;
import dev.serai.catalog.Price;
import dev.serai.chat.Usage;
import dev.serai.dialect.AnswerFacts;
import dev.serai.dialect.Operation;
import dev.serai.dialect.anthropic.MessagesAnswer;
import dev.serai.dialect.bedrock.ConverseAnswer;
import dev.serai.dialect.bedrock.Head;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.bedrockruntime.model.CacheDetail;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/** What calls cost, from the providers' own words to the nano-dollar; the table says how. */
public class UsageCostsTest {
  private static final Path TABLE = Path.of("src/test/resources/prices/usage-costs.txt");
  private static final Catalog CATALOG = Configured.packaged();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DECIMALS = 9;

  /** A call: its answer as the provider sends it, the hand's working and what it comes to. */
  public record Entry(
      String title,
      String provider,
      String model,
      LocalDate day,
      JsonNode answer,
      String working,
      String usd,
      String state) {

    static Entry read(List<String> lines) {
      String[] call = lines.get(1).split(" ", -1);
      String[] cost = lines.get(3).split(" = ", -1);
      String[] sum = cost[1].split(" ", -1);
      try {
        return new Entry(
            lines.getFirst(),
            call[0],
            call[1],
            LocalDate.parse(call[2]),
            JSON.readTree(lines.get(2)),
            cost[0],
            sum[0],
            sum[1]);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(lines.getFirst(), e);
      }
    }

    /** The working, done anew with the tokens and prices that it names. */
    BigDecimal workedOut() {
      BigDecimal sum = BigDecimal.ZERO;
      for (String part : working.split(" \\+ ", -1)) {
        String[] factors = part.split(" x ", -1);
        sum = sum.add(new BigDecimal(factors[0]).multiply(new BigDecimal(factors[1])));
      }
      return sum.movePointLeft(6);
    }

    @Override
    public String toString() {
      return provider + " " + model + ": " + title;
    }
  }

  public static Stream<Entry> entries() throws IOException {
    return Stream.of(Files.readString(TABLE).split("\n\n", -1))
        .map(block -> block.lines().filter(line -> !line.startsWith("#")).toList())
        .filter(lines -> !lines.isEmpty())
        .map(Entry::read);
  }

  @Test
  void the_table_is_long_and_its_figures_are_what_their_working_gives() throws IOException {
    assertThat(entries()).hasSizeGreaterThanOrEqualTo(100);
    assertThat(entries().filter(entry -> !entry.state().equals("unpriced")))
        .allSatisfy(
            entry ->
                assertThat(new BigDecimal(entry.usd()))
                    .isCloseTo(entry.workedOut(), within(new BigDecimal("5e-10"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("entries")
  void a_call_costs_what_the_hand_works_out(Entry entry) {
    Usage usage = usage(entry);
    Model model = CATALOG.model(entry.provider(), entry.model());
    Price price =
        model == null ? null : model.priceAt(entry.day().atStartOfDay(ZoneOffset.UTC).toInstant());

    Cost cost = Costing.cost(price, usage);

    if (entry.state().equals("unpriced")) {
      assertThat(cost).isEqualTo(Cost.UNPRICED);
    } else {
      assertThat(BigDecimal.valueOf(Objects.requireNonNull(cost.nanos()), DECIMALS))
          .isEqualTo(new BigDecimal(entry.usd()));
      assertThat(cost.state())
          .isEqualTo(entry.state().equals("priced") ? Cost.State.PRICED : Cost.State.ESTIMATED);
    }
  }

  /** What the dialects read, or Serai's own count where they read nothing. */
  public static Usage usage(Entry entry) {
    Operation operation =
        entry.model().startsWith("text-embedding") ? Operation.EMBEDDINGS : Operation.CHAT;
    AnswerFacts facts = AnswerFacts.read(answer(entry), operation);
    assertThat(facts.readable()).isTrue();
    if (entry.state().equals("counted")) {
      assertThat(facts.usage()).isNull();
      return Usage.estimate(1000, 200).servedAs(facts.serviceTier());
    }
    return Objects.requireNonNull(facts.usage());
  }

  /** The answer in OpenAI's form. */
  private static byte[] answer(Entry entry) {
    return switch (entry.provider()) {
      case "anthropic" -> {
        ObjectNode message = JSON.createObjectNode().put("id", "msg").put("model", entry.model());
        message.putArray("content");
        message.set("usage", entry.answer());
        byte[] body = message.toString().getBytes(StandardCharsets.UTF_8);
        yield Objects.requireNonNull(MessagesAnswer.completion(body, null, 0));
      }
      case "aws.bedrock" ->
          ConverseAnswer.json(
              new Head("id", entry.model(), 0),
              null,
              Message.builder().content(ContentBlock.fromText("x")).build(),
              StopReason.END_TURN,
              converse(entry.answer()));
      default -> entry.answer().toString().getBytes(StandardCharsets.UTF_8);
    };
  }

  private static @Nullable TokenUsage converse(JsonNode usage) {
    if (usage.isNull()) {
      return null;
    }
    TokenUsage.Builder builder = TokenUsage.builder();
    builder.inputTokens(count(usage, "inputTokens"));
    builder.outputTokens(count(usage, "outputTokens"));
    builder.totalTokens(count(usage, "totalTokens"));
    builder.cacheReadInputTokens(count(usage, "cacheReadInputTokens"));
    builder.cacheWriteInputTokens(count(usage, "cacheWriteInputTokens"));
    if (usage.has("cacheDetails")) {
      builder.cacheDetails(
          usage
              .path("cacheDetails")
              .valueStream()
              .map(
                  detail ->
                      CacheDetail.builder()
                          .ttl(detail.path("ttl").asText())
                          .inputTokens(count(detail, "inputTokens"))
                          .build())
              .toList());
    }
    return builder.build();
  }

  private static @Nullable Integer count(JsonNode object, String field) {
    return object.has(field) ? (Integer) object.path(field).asInt() : null;
  }
}
