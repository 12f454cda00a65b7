package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.provider.FakeProvider;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** What the packaged jar carries. */
class JarIT {
  private static final Path JAR =
      Path.of(System.getProperty("serai.jar", "target/serai-0.1.0-SNAPSHOT.jar"));

  @Test
  void the_onnx_runtime_has_its_natives_and_no_debug_symbols() throws Exception {
    List<String> natives = new ArrayList<>();
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      ZipEntry runtime =
          jar.stream().filter(e -> e.getName().contains("onnxruntime")).findFirst().orElseThrow();
      assertThat(runtime.getMethod()).isEqualTo(ZipEntry.STORED);
      try (InputStream in = jar.getInputStream(runtime);
          ZipInputStream entries = new ZipInputStream(in)) {
        for (ZipEntry entry; (entry = entries.getNextEntry()) != null; ) {
          if (entry.getName().contains("/native/") && !entry.isDirectory()) {
            natives.add(entry.getName().replaceAll(".*/native/", ""));
          }
        }
      }
    }

    assertThat(natives)
        .containsExactlyInAnyOrder(
            "linux-aarch64/libonnxruntime.so",
            "linux-aarch64/libonnxruntime4j_jni.so",
            "linux-x64/libonnxruntime.so",
            "linux-x64/libonnxruntime4j_jni.so",
            "osx-aarch64/libonnxruntime.dylib",
            "osx-aarch64/libonnxruntime4j_jni.dylib",
            "win-x64/onnxruntime.dll",
            "win-x64/onnxruntime4j_jni.dll");
  }

  @Test
  void the_model_in_it_makes_vectors() throws Exception {
    Path homes = Files.createDirectories(Path.of("target", "homes").toAbsolutePath());
    Path home = Files.createTempDirectory(homes, "jar");
    try (FakeProvider provider = FakeProvider.start();
        SeraiProcess gateway = SeraiProcess.start(JAR, home, provider.baseUrl())) {
      String answer =
          gateway.post(
              "/v1/embeddings", "{\"model\":\"local/all-MiniLM-L6-v2\",\"input\":\"a well\"}");

      assertThat(new ObjectMapper().readTree(answer).path("data").path(0).path("embedding"))
          .as(answer)
          .hasSize(384);
    }
  }
}
