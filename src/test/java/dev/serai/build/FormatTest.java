package dev.serai.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import dev.serai.Beside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java is formatted by google-java-format; all other text is free of tabs and stray blanks. */
@Beside
class FormatTest {
  private static final boolean WRITE = Boolean.getBoolean("format.write");
  private static final Path ROOT = Path.of("");
  private static final List<String> TEXT = List.of(".yaml", ".md", ".xml", ".sql", ".sh");

  @Test
  void java_is_formatted() throws IOException {
    List<Path> wrong = new ArrayList<>();
    for (Path file : files(".java", "src", "bench")) {
      String source = Files.readString(file);
      String formatted = formatted(file, source);
      if (!formatted.equals(source)) {
        wrong.add(file);
        if (WRITE) {
          Files.writeString(file, formatted);
        }
      }
    }

    assertThat(WRITE ? List.of() : wrong)
        .as("not formatted; run mvn test -Dtest=FormatTest -Dformat.write=true")
        .isEmpty();
  }

  @Test
  void other_text_is_tidy() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String suffix : TEXT) {
      for (Path file : files(suffix, "src", "bench", "routes", "config", "docs", ".ci")) {
        untidy(Files.readString(file)).forEach(line -> wrong.add(file + line));
      }
    }
    for (Path file : List.of(Path.of("pom.xml"), Path.of("README.md"), Path.of("CHANGELOG.md"))) {
      untidy(Files.readString(file)).forEach(line -> wrong.add(file + line));
    }

    assertThat(wrong).as("tabs, trailing blanks, no newline at the end").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:\tb\n", "a \n", "a", "a\n\n", "a\r\n"})
  void untidy_text_is_found(String text) {
    assertThat(untidy(text)).hasSize(1);
  }

  private static String formatted(Path file, String source) {
    try {
      return new Formatter().formatSourceAndFixImports(source);
    } catch (FormatterException e) {
      throw new AssertionError(file + " cannot be read as Java: " + e.getMessage(), e);
    }
  }

  private static List<String> untidy(String text) {
    List<String> wrong = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].indexOf('\t') >= 0 || !lines[i].equals(lines[i].stripTrailing())) {
        wrong.add(":" + (i + 1));
      }
    }
    if (!text.endsWith("\n") || text.endsWith("\n\n")) {
      wrong.add(": ends without exactly one newline");
    }
    return wrong;
  }

  private static List<Path> files(String suffix, String... folders) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : folders) {
      Path start = ROOT.resolve(folder);
      if (Files.isDirectory(start)) {
        try (Stream<Path> files = Files.walk(start)) {
          files.filter(file -> file.toString().endsWith(suffix)).sorted().forEach(found::add);
        }
      }
    }
    return found;
  }
}
