package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.serai.chat.ChatMessage;
import dev.serai.ledger.Conversations.NewMessage;
import dev.serai.ledger.Conversations.Outline;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What conversations promise on every database. */
abstract class ConversationsContract {
  private static final Instant MONDAY = Instant.parse("2025-06-02T12:00:00Z");

  @TempDir Path folder;
  private TestDatabase database;
  private Conversations conversations;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    conversations = at(MONDAY);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void messages_come_back_as_they_were_in_their_order() {
    String odd = "{\"role\":\"user\",\"content\":\"Gr\u00fc\u00dfe \ud83d\ude00 \\u0000 \\ud83d\"}";
    append(
        conversations,
        "acme",
        "c",
        0,
        "req-1",
        List.of(new NewMessage(message(odd), 7), said("a")));

    assertThat(append(conversations, "acme", "c", 2, "req-2", List.of(said("b")))).isTrue();

    assertThat(conversations.read("acme", "c", 0, Long.MAX_VALUE))
        .extracting(
            StoredMessage::sequence,
            stored -> stored.message().json(),
            StoredMessage::tokens,
            StoredMessage::requestId,
            StoredMessage::createdAt)
        .containsExactly(
            tuple(1L, odd, 7L, "req-1", MONDAY),
            tuple(2L, said("a").message().json(), 3L, "req-1", MONDAY),
            tuple(3L, said("b").message().json(), 3L, "req-2", MONDAY));
    assertThat(conversations.read("acme", "c", 2, 2)).hasSize(1);
  }

  @Test
  void an_outline_has_everything_but_the_content() {
    NewMessage wide = new NewMessage(message("{\"content\":\"\u00fc\"}"), 9);

    append(conversations, "acme", "c", 0, "req-1", List.of(wide, said("a")));

    assertThat(conversations.outline("acme", "c"))
        .containsExactly(
            new Outline(1, "user", 9, 16, "req-1"),
            new Outline(2, "user", 3, said("a").message().json().length(), "req-1"));
  }

  @Test
  void a_tenant_never_sees_another_ones() {
    append(conversations, "acme", "c", 0, "req-1", List.of(said("a")));

    assertThat(append(conversations, "zeta", "c", 0, "req-2", List.of(said("z")))).isTrue();

    assertThat(conversations.read("zeta", "c", 0, Long.MAX_VALUE))
        .extracting(stored -> stored.message().json())
        .containsExactly(said("z").message().json());
    assertThat(conversations.forget("zeta", "c")).isOne();
    assertThat(conversations.outline("acme", "c")).hasSize(1);
    assertThat(conversations.outline("acme", "C")).isEmpty();
  }

  @Test
  void who_knows_another_end_adds_nothing() {
    append(conversations, "acme", "c", 0, "req-1", List.of(said("a"), said("b")));

    assertThat(append(conversations, "acme", "c", 0, "req-2", List.of(said("x")))).isFalse();
    assertThat(append(conversations, "acme", "c", 1, "req-3", List.of(said("x")))).isFalse();
    assertThat(append(conversations, "acme", "c", 3, "req-4", List.of(said("x")))).isFalse();

    assertThat(conversations.outline("acme", "c")).hasSize(2);
  }

  @Test
  void of_many_at_the_same_end_one_goes_on() throws Exception {
    append(conversations, "acme", "old", 0, "req-0", List.of(said("a")));

    assertThat(together("new", 0)).containsOnlyOnce(true).hasSize(6);
    assertThat(together("old", 1)).containsOnlyOnce(true).hasSize(6);

    assertThat(conversations.outline("acme", "new")).hasSize(2);
    assertThat(conversations.outline("acme", "old")).hasSize(3);
  }

  private List<Boolean> together(String conversation, long last) throws Exception {
    try (ExecutorService replicas = Executors.newFixedThreadPool(6)) {
      List<Callable<Boolean>> appends =
          IntStream.range(0, 6)
              .<Callable<Boolean>>mapToObj(
                  i ->
                      () ->
                          append(
                              conversations,
                              "acme",
                              conversation,
                              last,
                              "req-" + i,
                              List.of(said("a"), said("b"))))
              .toList();
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> result : replicas.invokeAll(appends)) {
        results.add(result.get());
      }
      return results;
    }
  }

  @Test
  void all_of_a_turn_is_stored_or_nothing() {
    NewMessage bad = new NewMessage(new ChatMessage("r".repeat(65), "{}"), 1);

    assertThatThrownBy(
            () -> append(conversations, "acme", "c", 0, "req-1", List.of(said("a"), bad)))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageNotContaining("rrr");

    assertThat(conversations.outline("acme", "c")).isEmpty();
  }

  @Test
  void what_is_old_is_purged_but_a_system_prompt_in_use() {
    append(conversations, "acme", "c", 0, "req-1", List.of(system(), said("old")));
    append(conversations, "acme", "over", 0, "req-2", List.of(system(), said("old")));
    append(conversations, "zeta", "over", 0, "req-2", List.of(said("old")));
    append(at(MONDAY.plus(Duration.ofDays(10))), "acme", "c", 2, "req-3", List.of(said("young")));

    assertThat(conversations.purge(MONDAY)).isZero();
    assertThat(conversations.purge(MONDAY.plusSeconds(1))).isEqualTo(4);

    assertThat(conversations.outline("acme", "c"))
        .extracting(Outline::sequence)
        .containsExactly(1L, 3L);
    assertThat(conversations.outline("acme", "over")).isEmpty();
    assertThat(append(conversations, "acme", "c", 3, "req-4", List.of(said("next")))).isTrue();
  }

  @Test
  void a_database_that_is_away_is_said_without_values() {
    database.close();

    assertThat(
            Stream.<Runnable>of(
                () -> conversations.outline("acme", "secret"),
                () -> append(conversations, "acme", "secret", 0, "r", List.of(said("secret"))),
                () -> conversations.forget("acme", "secret")))
        .allSatisfy(
            asking ->
                assertThatThrownBy(asking::run)
                    .isInstanceOf(LedgerUnavailableException.class)
                    .hasMessageNotContaining("secret"));
  }

  @Test
  void what_goes_along_is_stored_together_or_not_at_all() {
    Runnable failing =
        () -> {
          throw new IllegalStateException("no");
        };
    List<String> ran = new ArrayList<>();

    assertThatThrownBy(
            () -> conversations.append("acme", "c", 0, "req-1", List.of(said("a")), failing))
        .isInstanceOf(IllegalStateException.class);
    assertThat(conversations.outline("acme", "c")).isEmpty();

    conversations.append("acme", "c", 0, "req-1", List.of(said("a")), () -> ran.add("new"));
    conversations.append("acme", "c", 0, "req-1", List.of(said("a")), () -> ran.add("stale"));
    assertThat(ran).containsExactly("new");
  }

  private static boolean append(
      Conversations to,
      String tenant,
      String conversation,
      long last,
      String requestId,
      List<NewMessage> messages) {
    return to.append(tenant, conversation, last, requestId, messages, () -> {});
  }

  private Conversations at(Instant now) {
    return new Conversations(
        JdbcClient.create(database.pool),
        new TransactionTemplate(new JdbcTransactionManager(database.pool)),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static NewMessage said(String text) {
    return new NewMessage(message("{\"role\":\"user\",\"content\":\"" + text + "\"}"), 3);
  }

  private static NewMessage system() {
    return new NewMessage(new ChatMessage("system", "{\"role\":\"system\"}"), 3);
  }

  private static ChatMessage message(String json) {
    return new ChatMessage("user", json);
  }
}
