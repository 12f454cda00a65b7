package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** No static field leads to a secret, so that none outlives what needs it. */
class StaticsTest {
  private static final List<String> SECRETS =
      List.of(GatewayUnderTest.PROVIDER_KEY, GatewayUnderTest.ADMIN_KEY);

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<String> found = new ArrayList<>();

  /** What this test must find, to show that it can. */
  @SuppressWarnings("UnusedVariable") // read by reflection
  private static final class Careless {
    static final Map<String, Object> CACHE =
        Map.of("key", List.of(new Careless(GatewayUnderTest.PROVIDER_KEY)));

    private final byte[] key;

    Careless(String key) {
      this.key = key.getBytes(StandardCharsets.UTF_8);
    }
  }

  @Test
  void no_static_field_leads_to_a_secret() throws Exception {
    GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());
    assertThat(gateway.chat(GatewayUnderTest.ask("statics")).status()).isEqualTo(200);
    List<JavaClass> classes =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.serai")
                .stream()
                .toList();

    for (JavaClass type : classes) {
      look(Class.forName(type.getName(), false, getClass().getClassLoader()));
    }

    assertThat(classes).hasSizeGreaterThan(200);
    assertThat(seen).hasSizeGreaterThan(200);
    assertThat(found).isEmpty();
  }

  @Test
  void a_field_that_does_is_found() throws Exception {
    look(Careless.class);

    assertThat(found).hasSize(1).first().asString().contains("Careless.CACHE");
  }

  private void look(Class<?> type) throws IllegalAccessException {
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
        field.setAccessible(true);
        look(type.getName() + "." + field.getName(), field.get(null), 0);
      }
    }
  }

  private void look(String where, @Nullable Object value, int depth) throws IllegalAccessException {
    if (value == null || depth > 12 || value instanceof Class<?> || !seen.add(value)) {
      return;
    }
    switch (value) {
      case CharSequence text -> judge(where, text.toString());
      case byte[] bytes -> judge(where, new String(bytes, StandardCharsets.ISO_8859_1));
      case char[] chars -> judge(where, new String(chars));
      case Optional<?> optional -> look(where, optional.orElse(null), depth + 1);
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          look(where, entry.getKey(), depth + 1);
          look(where, entry.getValue(), depth + 1);
        }
      }
      case Collection<?> all -> {
        for (Object each : all) {
          look(where, each, depth + 1);
        }
      }
      case Object[] all -> {
        for (int i = 0; i < Array.getLength(all); i++) {
          look(where, all[i], depth + 1);
        }
      }
      default -> fields(where, value, depth);
    }
  }

  /** Of our own objects; what a library keeps is found where we hand it over. */
  private void fields(String where, Object value, int depth) throws IllegalAccessException {
    for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
      if (!type.getName().startsWith("dev.serai")) {
        return;
      }
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          look(where, field.get(value), depth + 1);
        }
      }
    }
  }

  private void judge(String where, String text) {
    if (SECRETS.stream().anyMatch(text::contains)) {
      found.add(where);
    }
  }
}
