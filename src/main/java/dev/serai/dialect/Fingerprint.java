package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The canonical form of a request and its hash. Every value has a type tag and either a length or
 * an end mark, so that two different requests never have the same form; members are sorted by key,
 * and numbers are written by value.
 */
final class Fingerprint {

  private static final Comparator<Member> BY_KEY = Comparator.comparing(Member::key);

  private byte[] form;
  private int size;

  private Fingerprint(int capacity) {
    form = new byte[capacity];
  }

  /** Runs on a body that was checked before; a non-null temperature is added to it. */
  static byte[] of(byte[] body, String targetAndModel, @Nullable BigDecimal temperature) {
    Fingerprint print = new Fingerprint(body.length + targetAndModel.length() + 256);
    try (JsonParser json = Json.ANSWERS.createParser(body)) {
      json.nextToken();
      char[] model = targetAndModel.toCharArray();
      print.string(model, 0, model.length);
      print.request(json, temperature);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(print.form, 0, print.size);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private void request(JsonParser json, @Nullable BigDecimal temperature) throws IOException {
    List<Member> members = new ArrayList<>(12);
    int start = size;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "model", "stream", "stream_options" -> json.skipChildren();
        default -> member(members, name, json);
      }
    }
    if (temperature != null) {
      int from = size;
      key("temperature");
      number(temperature);
      members.add(new Member("temperature", from, size));
    }
    close(start, members);
  }

  private void value(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> {
        List<Member> members = new ArrayList<>(8);
        int start = size;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          json.nextToken();
          member(members, name, json);
        }
        close(start, members);
      }
      case START_ARRAY -> {
        put('[');
        while (json.nextToken() != JsonToken.END_ARRAY) {
          value(json);
        }
        put(']');
      }
      case VALUE_STRING ->
          string(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      case VALUE_TRUE -> put('t');
      case VALUE_FALSE -> put('f');
      case VALUE_NULL -> put('0');
      default -> number(json);
    }
  }

  private void member(List<Member> members, String name, JsonParser json) throws IOException {
    int from = size;
    key(name);
    value(json);
    members.add(new Member(name, from, size));
  }

  private void close(int start, List<Member> members) {
    boolean sorted = true;
    for (int i = 1; sorted && i < members.size(); i++) {
      sorted = BY_KEY.compare(members.get(i - 1), members.get(i)) <= 0;
    }
    if (!sorted) {
      members.sort(BY_KEY);
      byte[] read = Arrays.copyOfRange(form, start, size);
      int at = start;
      for (Member member : members) {
        int length = member.end() - member.start();
        System.arraycopy(read, member.start() - start, form, at, length);
        at += length;
      }
    }
    put('}');
  }

  private void key(String name) {
    char[] chars = name.toCharArray();
    put('k');
    string(chars, 0, chars.length);
  }

  private void number(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != NumberType.BIG_INTEGER) {
      number(BigDecimal.valueOf(json.getLongValue()));
      return;
    }
    BigDecimal value = Json.decimal(json);
    if (value != null && Math.abs((long) value.scale()) < 1_000_000_000L) {
      number(value);
    } else {
      // The exponent is about beyond what a BigDecimal can hold: equal only if written alike.
      put('x');
      ascii(json.getText());
    }
  }

  private void number(BigDecimal value) {
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    put('n');
    ascii(plain.unscaledValue().toString());
    ascii(Integer.toString(plain.scale()));
  }

  private void ascii(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    reserve(bytes.length + 1);
    System.arraycopy(bytes, 0, form, size, bytes.length);
    size += bytes.length;
    put(';');
  }

  /** UTF-8 after its length; a lone surrogate keeps its own three bytes, so none are confused. */
  private void string(char[] chars, int offset, int length) {
    reserve(length * 3L + 5);
    form[size] = 's';
    int start = size + 5;
    int at = start;
    for (int i = offset; i < offset + length; i++) {
      char c = chars[i];
      if (c < 0x80) {
        form[at++] = (byte) c;
      } else if (c < 0x800) {
        form[at++] = (byte) (0xC0 | (c >> 6));
        form[at++] = (byte) (0x80 | (c & 0x3F));
      } else if (i + 1 < offset + length && Character.isSurrogatePair(c, chars[i + 1])) {
        int point = Character.toCodePoint(c, chars[++i]);
        form[at++] = (byte) (0xF0 | (point >> 18));
        form[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
        form[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        form[at++] = (byte) (0x80 | (point & 0x3F));
      } else {
        form[at++] = (byte) (0xE0 | (c >> 12));
        form[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        form[at++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    int bytes = at - start;
    form[size + 1] = (byte) (bytes >> 24);
    form[size + 2] = (byte) (bytes >> 16);
    form[size + 3] = (byte) (bytes >> 8);
    form[size + 4] = (byte) bytes;
    size = at;
  }

  private void put(char tag) {
    reserve(1);
    form[size++] = (byte) tag;
  }

  private void reserve(long bytes) {
    long needed = size + bytes;
    if (needed > form.length) {
      form = Arrays.copyOf(form, Math.toIntExact(Math.max(needed, form.length * 2L)));
    }
  }

  private record Member(String key, int start, int end) {}
}
