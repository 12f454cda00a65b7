package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Every key that the tests use, and where one was seen that should not have been: in what the
 * gateway answered, or in what was written to the console.
 */
public final class TestKeys {
  private static final int SHORTEST = 8;
  private static final Map<String, byte[]> KEYS = new ConcurrentHashMap<>();
  private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

  private TestKeys() {}

  /**
   * Names a key; a gateway key that an answer may show once is named after that answer.
   *
   * @return the same
   */
  public static String secret(String key) {
    if (key.length() < SHORTEST) {
      throw new IllegalArgumentException("too short to be recognised: take a longer key");
    }
    KEYS.put(key, key.getBytes(UTF_8));
    return key;
  }

  /** Looks through something that left the gateway. */
  static void scan(String where, byte[] what) {
    for (String found : in(what)) {
      SEEN.add(found + " in " + where);
    }
  }

  /** What was seen until now. */
  static List<String> seen() {
    return List.copyOf(SEEN);
  }

  /** Takes back what a test let be seen on purpose. */
  static void forgive(String where) {
    SEEN.removeIf(each -> each.endsWith(" in " + where));
  }

  /** The names of the keys that a console's file holds, each with its line. */
  static Set<String> in(Path console) throws IOException {
    Set<String> found = new TreeSet<>();
    try (InputStream in = Files.newInputStream(console)) {
      int number = 1;
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
        for (String key : in(line.getBytes(UTF_8))) {
          found.add(key + " in line " + number);
        }
        number++;
      }
    }
    return found;
  }

  private static List<String> in(byte[] what) {
    List<String> found = new ArrayList<>();
    KEYS.forEach(
        (name, key) -> {
          if (contains(what, key)) {
            found.add(name);
          }
        });
    return found;
  }

  private static boolean contains(byte[] text, byte[] key) {
    for (int i = 0; i + key.length <= text.length; i++) {
      int same = 0;
      while (same < key.length && text[i + same] == key[same]) {
        same++;
      }
      if (same == key.length) {
        return true;
      }
    }
    return false;
  }
}
