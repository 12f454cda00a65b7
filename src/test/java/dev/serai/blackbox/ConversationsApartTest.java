package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.tenant.GatewayKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** Conversations under other settings than the usual ones: tenants, small windows, restarts. */
class ConversationsApartTest {
  private static final Map<String, String> DESK =
      Map.of(
          "serai.files.enabled", "true",
          "serai.files.poll", "100ms",
          "serai.files.settle", "100ms",
          "serai.roles.desk.description", "Reads what lies on the desk",
          "serai.roles.desk.targets[0]", GatewayUnderTest.MODEL);

  @Test
  void tenants_have_conversations_of_the_same_name() {
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(
            Map.of(
                "serai.tenants.acme.key-sha256[0]", GatewayKey.hashOf("key-of-acme"),
                "serai.tenants.zeta.key-sha256[0]", GatewayKey.hashOf("key-of-zeta")))) {
      say(gateway, "key-of-acme", "secret of acme");
      show(gateway, "key-of-zeta").isError(404, "not_found");

      say(gateway, "key-of-zeta", "hello of zeta");

      assertThat(gateway.provider().calls().get(1).json().path("messages")).hasSize(1);
      assertThat(show(gateway, "key-of-zeta").text())
          .contains("hello of zeta")
          .doesNotContain("acme");
      assertThat(
              gateway
                  .send(
                      gateway
                          .request("/v1/conversations/same")
                          .setHeader("Authorization", "Bearer key-of-zeta")
                          .DELETE())
                  .status())
          .isEqualTo(200);
      assertThat(show(gateway, "key-of-acme").json().path("messages")).hasSize(2);
    }
  }

  private static void say(GatewayUnderTest gateway, String key, String text) {
    Answer answer =
        gateway.send(
            gateway
                .request("/v1/chat/completions", Talk.HEADER, "same")
                .setHeader("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(ask(text))));
    assertThat(answer.status()).isEqualTo(200);
  }

  private static Answer show(GatewayUnderTest gateway, String key) {
    return gateway.send(
        gateway.request("/v1/conversations/same").setHeader("Authorization", "Bearer " + key));
  }

  @Test
  void a_conversation_outlives_the_gateway_and_is_purged_when_it_is_old() throws Exception {
    try (GatewayUnderTest first = GatewayUnderTest.start(Map.of())) {
      Talk talk = new Talk(first, "long");
      talk.say(ask("before"));

      try (GatewayUnderTest second = first.restarted(Map.of())) {
        Talk again = new Talk(second, "long");
        again.say(ask("after"));
        assertThat(again.stored()).hasSize(4).startsWith("user before");
        try (GatewayUnderTest third = second.restarted(Map.of("serai.conversations.keep", "1ms"))) {
          await().until(() -> new Talk(third, "long").get().status() == 404);
        }
      }
    }
  }

  @Test
  void the_oldest_turns_go_where_the_window_is_too_small(@TempDir Path folder) throws IOException {
    String lines = "tide ".repeat(60).strip();
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(
            Map.of(
                "serai.config.location", smallWindows(folder).toUri().toString(),
                "serai.roles.both.description", "Asks the small model and then the tiny one",
                "serai.roles.both.targets[0]", "openai/gpt-4o-mini",
                "serai.roles.both.targets[1]", "openrouter/openai/gpt-4o"))) {
      Talk talk = new Talk(gateway, "trimmed");
      gateway.provider().byDefault(Behaviour.answer("Noted."));
      talk.say(small("\"max_tokens\":100", system("Be brief"), user("one " + lines)));
      for (String number :
          List.of("two ", "three ", "four ", "five ", "six ", "seven ", "eight ")) {
        talk.say(small("\"max_tokens\":100", user(number + lines)));
      }
      List<String> sent = Talk.sent(gateway.provider().calls().getLast());
      assertThat(sent.getFirst()).isEqualTo("system Be brief");
      assertThat(sent.get(1)).as("a turn begins with its question").startsWith("user ");
      assertThat(sent).as("six turns of 71 tokens fit into 610 - 100 - 75").hasSize(1 + 2 * 6 + 1);
      assertThat(sent.getLast()).startsWith("user eight");
      assertThat(talk.stored()).as("nothing is forgotten").hasSize(17);

      gateway.provider().byDefault(Behaviour.status(401));
      talk.say(small("\"max_tokens\":100", user("nine " + lines)).replace("gpt-4o-mini", "both"));
      assertThat(Talk.sent(gateway.second().calls().getLast()))
          .as("one turn fits into 300 - 100 - 75")
          .hasSize(1 + 2 + 1)
          .startsWith("system Be brief");

      gateway.provider().byDefault(Behaviour.answer());
      talk.say(small("\"max_tokens\":590", user("ten")));
      assertThat(Talk.sent(gateway.provider().calls().getLast()))
          .as("no room at all")
          .containsExactly("system Be brief", "user ten");
    }
  }

  /** The packaged configuration with a model of 610 tokens and one of 300. */
  private static Path smallWindows(Path folder) throws IOException {
    for (String name : List.of("providers", "models", "roles", "tenants")) {
      String yaml = Files.readString(Path.of("config", name + ".yaml"));
      yaml = window(yaml, "gpt-4o-mini", 610);
      yaml = window(yaml, "openai/gpt-4o", 300);
      Files.writeString(folder.resolve(name + ".yaml"), yaml);
    }
    return folder;
  }

  private static String window(String yaml, String model, int tokens) {
    return yaml.replaceAll(
        "(- id: " + model + "\\n(?: +\\w.*\\n)*? +context-window: )\\d+", "$1" + tokens);
  }

  private static String user(String text) {
    return "{\"role\":\"user\",\"content\":\"" + text + "\"}";
  }

  private static String system(String text) {
    return "{\"role\":\"system\",\"content\":\"" + text + "\"}";
  }

  private static String small(String fields, String... messages) {
    return "{\"model\":\"gpt-4o-mini\",%s,\"messages\":[%s]}"
        .formatted(fields, String.join(",", messages));
  }

  @Test
  void a_file_is_answered_and_remembered_together() {
    try (GatewayUnderTest gateway = GatewayUnderTest.start(DESK)) {
      Folders folders = Folders.of(gateway.home(), "desk");
      JdbcTemplate jdbc = new JdbcTemplate(gateway.part(DataSource.class));
      MeterRegistry meters = gateway.part(MeterRegistry.class);
      gateway.provider().byDefault(Behaviour.slow(Duration.ofSeconds(1)));

      folders.drop("one.md", "---\nconversation: desk-8\n---\nRemember 43.\n");
      gateway.provider().awaitCalls(1);
      jdbc.execute("ALTER TABLE results RENAME TO away");
      await().until(() -> meters.find("serai.requests").tags("status", "503").timer() != null);
      assertThat(new Talk(gateway, "desk-8").get().status()).isEqualTo(404);
      jdbc.execute("ALTER TABLE away RENAME TO results");

      folders.answer("one.md");
      assertThat(new Talk(gateway, "desk-8").stored()).hasSize(2);
      assertThat(gateway.provider().calls()).hasSize(1);
    }
  }

  @Test
  void a_prompt_file_names_its_conversation() {
    try (GatewayUnderTest gateway = GatewayUnderTest.start(DESK)) {
      Folders folders = Folders.of(gateway.home(), "desk");
      gateway.provider().byDefault(Behaviour.answer("Noted."));

      folders.drop("one.md", "---\nconversation: desk-7\n---\nRemember 42.\n");
      folders.answer("one.md");
      folders.drop("two.txt", "---\nconversation: desk-7\n---\nWhat was it?\n");
      folders.answer("two.txt");
      folders.drop("bad.md", "---\nconversation: no id\n---\nLost?\n");

      assertThat(folders.error("bad.md").toString()).contains("conversation");
      assertThat(new Talk(gateway, "desk-7").stored())
          .containsExactly(
              "user Remember 42.\n", "assistant Noted.", "user What was it?\n", "assistant Noted.");
      assertThat(gateway.provider().calls()).hasSize(2);
      assertThat(Talk.sent(gateway.provider().calls().get(1))).hasSize(3);
    }
  }
}
