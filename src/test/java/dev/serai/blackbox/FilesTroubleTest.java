package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.ledger.Ledger;
import dev.serai.provider.Behaviour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is paid is delivered, and what is not a prompt's place is not touched. */
@ExtendWith(OutputCaptureExtension.class)
class FilesTroubleTest {
  private static final String ROLE = "desk";
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "serai.files.enabled",
          "true",
          "serai.files.poll",
          "100ms",
          "serai.files.settle",
          "300ms",
          "serai.roles." + ROLE + ".description",
          "Reads what lies on the desk",
          "serai.roles." + ROLE + ".targets[0]",
          GatewayUnderTest.MODEL);

  @TempDir Path elsewhere;

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(PROPERTIES);
  private final Folders folders = Folders.of(gateway.home(), ROLE);
  private final String id = UUID.randomUUID().toString().substring(0, 8);

  @Test
  void what_a_linked_folder_leads_to_is_not_touched(CapturedOutput console) throws Exception {
    Path theirs = Files.writeString(elsewhere.resolve(id + ".md"), "Not a prompt");
    Files.writeString(elsewhere.resolve(id + ".png"), "Not a prompt either");
    Path link = Files.createSymbolicLink(gateway.home().resolve("inbox/link-" + id), elsewhere);
    Path file = Files.createSymbolicLink(folders.inbox().resolve("link-" + id + ".md"), theirs);

    folders.drop(id + ".md", "A prompt " + id);
    folders.answer(id + ".md");
    settle();

    assertThat(Folders.names(elsewhere)).containsExactly(id + ".md", id + ".png");
    assertThat(gateway.provider().calls()).hasSize(1);
    assertThat(link).isSymbolicLink();
    assertThat(file).isSymbolicLink();
    assertThat(console.getOut()).containsOnlyOnce("file ignored name=link-" + id + ":");
    assertThat(console.getOut()).containsOnlyOnce("name=desk/link-" + id + ".md:");
  }

  @Test
  void folders_that_are_too_deep_are_named_once(CapturedOutput console) throws Exception {
    Path deep = Files.createDirectories(folders.inbox().resolve("deep-" + id));
    Files.writeString(deep.resolve("q.md"), "Too deep");

    await().until(() -> console.getOut().contains("file ignored name=desk/deep-" + id));
    settle();

    assertThat(console.getOut()).containsOnlyOnce("file ignored name=desk/deep-" + id);
    assertThat(deep.resolve("q.md")).exists();
  }

  @Test
  void a_name_without_room_for_its_answers_is_refused_before_anything_is_paid() throws Exception {
    String name = id + "q".repeat(240) + ".md";
    Path beside = Files.writeString(gateway.home().resolve(id), "What is " + id + "?");

    Files.move(beside, folders.inbox().resolve(name));
    await().atMost(Duration.ofSeconds(10)).until(() -> count(folders.failed(), id + "qqq") == 2);

    assertThat(gateway.provider().calls()).isEmpty();
    assertThat(Folders.names(folders.inbox())).doesNotContain(name);
  }

  @Test
  void a_name_that_is_as_long_as_can_be_is_answered_once() throws Exception {
    String name = id + "q".repeat(239) + ".md";
    Path beside = Files.writeString(gateway.home().resolve(id), "What is " + id + "?");

    Files.move(beside, folders.inbox().resolve(name));

    assertThat(folders.answer(name)).startsWith("This is answer");
    assertThat(gateway.provider().calls()).hasSize(1);
  }

  @Test
  void a_name_that_is_another_answers_is_refused() {
    folders.drop(id + ".md.json", GatewayUnderTest.ask("What is " + id + "?"));

    assertThat(folders.error(id + ".md.json").path("error").path("message").asText())
        .contains("rename it");
    assertThat(gateway.provider().calls()).isEmpty();
  }

  @Test
  void a_file_from_the_future_is_answered_and_holds_nobody_up() throws Exception {
    String name = id + ".md";
    Path beside = Files.writeString(gateway.home().resolve(id), "What is " + id + "?");
    Files.setLastModifiedTime(beside, FileTime.from(Instant.now().plus(Duration.ofDays(30))));

    Files.move(beside, folders.inbox().resolve(name));

    assertThat(folders.answer(name)).startsWith("This is answer");
  }

  @Test
  void an_answer_that_cannot_be_delivered_is_kept_and_delivered_later(CapturedOutput console)
      throws Exception {
    String name = id + ".md";
    Path wall = Files.createDirectories(folders.outbox().resolve(name).resolve("in-the-way"));

    folders.drop(name, "What is " + id + "?");
    await().until(() -> console.getOut().contains("file waits name=desk/" + name));
    settle();
    assertThat(folders.inbox().resolve(name)).exists();
    Files.delete(wall);
    Files.delete(wall.getParent());

    await().until(() -> Files.notExists(folders.inbox().resolve(name)));
    assertThat(folders.answer(name)).startsWith("This is answer");
    assertThat(gateway.provider().calls()).hasSize(1);
    assertThat(count(folders.failed(), id)).isZero();
  }

  @Test
  void what_cannot_be_moved_to_failed_is_not_asked_again_and_again(CapturedOutput console)
      throws Exception {
    String name = id + ".md";
    gateway.provider().byDefault(Behaviour.status(400));
    Files.createDirectories(folders.failed().resolve(name).resolve("in-the-way"));

    folders.drop(name, "Refuse " + id);
    await().until(() -> console.getOut().contains("file failed and stays in the inbox"));
    settle();
    assertThat(gateway.provider().calls()).hasSize(1);
    assertThat(folders.inbox().resolve(name)).exists();

    gateway.provider().byDefault(Behaviour.answer());
    folders.drop(name, "Do not refuse " + id);
    assertThat(folders.answer(name)).startsWith("This is answer");
  }

  @Test
  void while_the_database_is_away_files_wait(CapturedOutput console) {
    String name = id + ".md";

    sql("ALTER TABLE results RENAME TO results_away");
    try {
      folders.drop(name, "What is " + id + "?");
      await().until(() -> console.getOut().contains("file waits name=desk/" + name));
    } finally {
      sql("ALTER TABLE results_away RENAME TO results");
    }

    assertThat(folders.answer(name)).startsWith("This is answer");
    assertThat(gateway.provider().calls()).hasSize(1);
    assertThat(count(folders.failed(), id)).isZero();
  }

  @Test
  void an_answer_that_cannot_be_stored_is_not_asked_for_again(CapturedOutput console) {
    String name = id + ".md";
    gateway.provider().byDefault(Behaviour.slow(Duration.ofMillis(500)));

    folders.drop(name, "What is " + id + "?");
    gateway.provider().awaitCalls(1);
    sql("ALTER TABLE results RENAME TO results_away");
    try {
      await().until(() -> console.getOut().contains("file waits name=desk/" + name));
      settle();
      assertThat(count(folders.outbox(), id)).isZero();
    } finally {
      sql("ALTER TABLE results_away RENAME TO results");
    }

    assertThat(folders.answer(name)).startsWith("This is answer");
    assertThat(gateway.provider().calls()).hasSize(1);
    assertThat(count(folders.failed(), id)).isZero();
  }

  @Test
  void without_a_ledger_files_wait(CapturedOutput console) {
    String name = id + ".md";
    try (GatewayUnderTest broken = GatewayUnderTest.start(PROPERTIES)) {
      broken.part(Ledger.class).stop();
      Folders theirs = Folders.of(broken.home(), ROLE);

      theirs.drop(name, "What is " + id + "?");
      await().until(() -> console.getOut().contains("file waits name=desk/" + name));

      assertThat(theirs.inbox().resolve(name)).exists();
      assertThat(Folders.names(theirs.failed())).isEmpty();
      assertThat(broken.provider().calls()).isEmpty();
    }
  }

  @Test
  void a_file_that_is_replaced_while_it_is_answered_is_answered_too() {
    String name = id + ".md";
    gateway.provider().next(Behaviour.slow(Duration.ofSeconds(1)));

    folders.drop(name, "First " + id);
    gateway.provider().awaitCalls(1);
    folders.drop(name, "Second " + id);
    gateway.provider().awaitCalls(2);

    await().until(() -> Files.notExists(folders.inbox().resolve(name)));
    List<String> asked =
        gateway.provider().calls().stream().map(call -> call.json().toString()).toList();
    assertThat(asked).hasSize(2).first().asString().contains("First");
    assertThat(asked).last().asString().contains("Second");
  }

  private static long count(Path folder, String part) {
    return Folders.names(folder).stream().filter(name -> name.contains(part)).count();
  }

  private void sql(String statement) {
    new JdbcTemplate(gateway.part(DataSource.class)).execute(statement);
  }

  /** Lets the watcher poll a few times; there is nothing to wait for. */
  private static void settle() {
    try {
      assertThat(new CountDownLatch(1).await(1, TimeUnit.SECONDS)).isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
