package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class InboxFilterTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.serai.files");

  @TempDir Path home;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Path inbox;
  private InboxFilter filter;

  @BeforeEach
  void make() throws IOException {
    inbox = Files.createDirectories(home.resolve("inbox"));
    Files.createDirectories(inbox.resolve("rag"));
    filter = new InboxFilter(inbox, new InboxWatch(Duration.ZERO, System::nanoTime), () -> true);
    log.start();
    LOG.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    LOG.detachAppender(log);
  }

  @Test
  void takes_all_files_at_the_same_poll() throws IOException {
    for (int i = 0; i < 10; i++) {
      Files.writeString(inbox.resolve("rag/" + i + ".md"), "Question " + i);
    }

    assertThat(tenFiles()).containsOnly(false).hasSize(10);
    assertThat(tenFiles()).containsOnly(true).hasSize(10);
  }

  private List<Boolean> tenFiles() {
    filter.newPoll();
    return List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).stream()
        .map(i -> filter.accept("rag/" + i + ".md", false))
        .toList();
  }

  @Test
  void enters_the_roles_folders_and_none_below_them() throws IOException {
    Files.createDirectories(inbox.resolve("rag/deep"));

    assertThat(accepted("rag", true)).isTrue();
    assertThat(accepted("rag/deep", true)).isFalse();
    assertThat(accepted("rag/deep", true)).isFalse();
    assertThat(warnings()).hasSize(1).first().asString().contains("rag/deep");
  }

  @Test
  void enters_no_folder_that_is_a_link() throws IOException {
    Files.createDirectories(home.resolve("elsewhere"));
    Files.createSymbolicLink(inbox.resolve("away"), home.resolve("elsewhere"));
    Files.createSymbolicLink(inbox.resolve("twice"), inbox.resolve("rag"));

    assertThat(accepted("away", true)).isFalse();
    assertThat(accepted("twice", true)).isFalse();
    assertThat(warnings()).hasSize(2).allMatch(line -> line.contains("it is a link"));
  }

  @Test
  void takes_no_file_through_a_link() throws IOException {
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("q.md"), "Not a prompt");
    Files.createSymbolicLink(inbox.resolve("away"), elsewhere);
    Files.createSymbolicLink(inbox.resolve("rag/link.md"), elsewhere.resolve("q.md"));
    Files.createSymbolicLink(inbox.resolve("rag/nowhere.md"), home.resolve("nowhere"));

    for (String name : List.of("away/q.md", "rag/link.md", "rag/nowhere.md")) {
      accepted(name, false);
      assertThat(accepted(name, false)).as(name).isFalse();
      assertThat(accepted(name, false)).as(name).isFalse();
    }
    assertThat(elsewhere.resolve("q.md")).hasContent("Not a prompt");
    assertThat(warnings()).hasSize(3);
  }

  @Test
  void an_inbox_that_is_a_link_itself_is_the_operators_choice() throws IOException {
    Path link = Files.createSymbolicLink(home.resolve("link"), inbox);
    filter = new InboxFilter(link, new InboxWatch(Duration.ZERO, System::nanoTime), () -> true);

    assertThat(accepted("rag", true)).isTrue();
  }

  @Test
  void names_again_what_went_away_and_came_back() throws IOException {
    Path link = inbox.resolve("away");
    Files.createSymbolicLink(link, home);
    filter.newPoll();
    filter.accept("away", true);
    filter.newPoll();
    filter.newPoll();

    filter.accept("away", true);

    assertThat(warnings()).hasSize(2);
  }

  @Test
  void leaves_what_is_gone_or_has_no_name_here() {
    assertThat(accepted("rag/gone.md", false)).isFalse();
    assertThat(warnings()).isEmpty();
    assertThat(accepted("rag/\0.md", false)).isFalse();
    assertThat(warnings()).hasSize(1);
  }

  private boolean accepted(String name, boolean directory) {
    filter.newPoll();
    return filter.accept(name, directory);
  }

  private List<String> warnings() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
