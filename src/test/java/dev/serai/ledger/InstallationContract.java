package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The installation's random values on every database. */
abstract class InstallationContract {
  @TempDir Path folder;
  private TestDatabase database;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private byte[] random(String name) {
    return new Installation(JdbcClient.create(database.pool)).random(name);
  }

  @Test
  void a_value_is_made_once_and_stays() {
    byte[] first = random("one");

    assertThat(first).hasSize(32).isNotEqualTo(new byte[32]);
    assertThat(random("one")).isEqualTo(first);
    assertThat(random("other")).isNotEqualTo(first);
  }

  @Test
  void replicas_that_start_together_have_the_same() throws Exception {
    Callable<byte[]> start = () -> random("shared");
    List<byte[]> got = new ArrayList<>();
    try (ExecutorService replicas = Executors.newFixedThreadPool(5)) {
      for (Future<byte[]> value : replicas.invokeAll(List.of(start, start, start, start, start))) {
        got.add(value.get());
      }
    }

    assertThat(got).hasSize(5).allSatisfy(value -> assertThat(value).isEqualTo(got.getFirst()));
  }
}
