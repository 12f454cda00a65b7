package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Files are taken as long as there is somebody who pays, also when that changes meanwhile. */
@ExtendWith(OutputCaptureExtension.class)
class TenantFilesTest {

  @Test
  void files_wait_while_nobody_pays_and_go_on_when_somebody_does(CapturedOutput console) {
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(
            Map.of(
                "serai.files.enabled", "true",
                "serai.files.poll", "50ms",
                "serai.files.settle", "50ms",
                "serai.files.tenant", "acme"))) {
      Tenancy admin = new Tenancy(gateway);
      Folders rag = Folders.of(gateway.home(), "rag");
      rag.drop("one.md", "Who pays?");
      await().until(() -> console.getOut().contains("serai.files.tenant names none of them"));
      admin.make("zeta");
      assertThat(Files.exists(rag.inbox().resolve("one.md"))).isTrue();

      admin.make("acme");
      assertThat(rag.answer("one.md")).isNotEmpty();
      assertThat(console.getOut()).contains("the folders are watched again");

      admin.delete(Tenancy.TENANTS + "/acme");
      rag.drop("two.md", "And now?");
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(10))
          .until(() -> Files.exists(rag.inbox().resolve("two.md")));
      assertThat(console.getOut())
          .contains("file started name=rag/one.md")
          .doesNotContain("file started name=rag/two.md");
    }
  }
}
