package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.provider.Call;
import dev.serai.tenant.GatewayKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Providers are told whose call it is, and not who that is. */
@ExtendWith(OutputCaptureExtension.class)
class TenantMetadataTest {
  private static final String ACME = "sk-of-acme";
  private static final String ZETA = "sk-of-zeta";
  private static final Map<String, String> TENANTS =
      Map.of(
          "serai.tenants.acme.key-sha256[0]",
          GatewayKey.hashOf(ACME),
          "serai.tenants.zeta.key-sha256[0]",
          GatewayKey.hashOf(ZETA),
          "serai.providers.openrouter.tenant-metadata",
          "off");

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(TENANTS);

  @Test
  void every_tenant_has_a_pseudonym_of_its_own(CapturedOutput console) {
    String acme = told(gateway, ACME, ask("one"));
    String again = told(gateway, ACME, ask("two", STREAM));
    String zeta = told(gateway, ZETA, ask("one"));

    assertThat(acme).matches("[0-9a-f]{32}").isEqualTo(again).isNotEqualTo(zeta);
    assertThat(gateway.provider().calls())
        .noneMatch(call -> call.json().toString().contains("acme"));
    assertThat(console.getAll()).doesNotContain(acme, zeta);
  }

  @Test
  void it_is_the_same_after_a_restart_and_another_in_another_installation() {
    String elsewhere = told(gateway, ACME, ask("elsewhere"));
    GatewayUnderTest first = GatewayUnderTest.start(TENANTS);
    String before = told(first, ACME, ask("before"));

    try (GatewayUnderTest restarted = first.restarted(TENANTS)) {
      assertThat(told(restarted, ACME, ask("after"))).isEqualTo(before).isNotEqualTo(elsewhere);
    }
  }

  @Test
  void the_callers_own_value_stays() {
    String sent = told(gateway, ACME, ask("own", "\"safety_identifier\":\"their-user-7\""));

    assertThat(sent).isEqualTo("their-user-7");
  }

  @Test
  void the_answer_cache_does_not_notice() {
    chat(gateway, ACME, ask("cached"));

    Answer again = chat(gateway, ACME, ask("cached"));
    Answer others = chat(gateway, ZETA, ask("cached"));

    assertThat(again.cache()).isEqualTo("hit");
    assertThat(others.cache()).isEqualTo("miss");
  }

  @Test
  void embeddings_tell_it_in_the_field_they_have() {
    embed(gateway, "openai/text-embedding-3-small", "");
    embed(gateway, "openai/text-embedding-3-small", ",\"user\":\"theirs\"");
    Call first = gateway.provider().calls().getFirst();
    String told = first.json().path("user").asText();

    assertThat(told).isEqualTo(told(gateway, ACME, ask("also a chat")));
    assertThat(first.json().has("safety_identifier")).isFalse();
    assertThat(gateway.provider().calls().get(1).json().path("user").asText()).isEqualTo("theirs");
  }

  @Test
  void it_can_be_turned_off_for_a_provider() {
    chat(gateway, ACME, ask("off").replace(GatewayUnderTest.MODEL, Operated.SECOND));
    embed(gateway, "openrouter/openai/text-embedding-3-small", "");

    assertThat(gateway.second().calls()).noneMatch(other -> other.json().has("user"));
    Call call = gateway.second().calls().getFirst();
    assertThat(call.json().has("user")).isFalse();
    assertThat(call.json().has("safety_identifier")).isFalse();
  }

  @Test
  void openrouter_has_its_own_field_and_a_callers_value_stays_there_too() {
    GatewayUnderTest plain = Operated.gateway();
    String request = ask("router").replace(GatewayUnderTest.MODEL, Operated.SECOND);

    plain.chat(request);
    plain.chat(request.replace("\"messages\"", "\"user\":\"theirs\",\"messages\""));

    assertThat(plain.second().calls().getFirst().json().path("user").asText())
        .matches("[0-9a-f]{32}");
    assertThat(plain.second().calls().getLast().json().path("user").asText()).isEqualTo("theirs");
    assertThat(plain.second().calls()).noneMatch(call -> call.json().has("safety_identifier"));
  }

  private static String told(GatewayUnderTest gateway, String key, String request) {
    int before = gateway.provider().calls().size();
    assertThat(chat(gateway, key, request).status()).isEqualTo(200);
    return gateway.provider().calls().get(before).json().path("safety_identifier").asText();
  }

  private static void embed(GatewayUnderTest gateway, String model, String fields) {
    String request = "{\"model\":\"%s\",\"input\":\"a well\"%s}".formatted(model, fields);
    assertThat(post(gateway, "/v1/embeddings", ACME, request).status()).isEqualTo(200);
  }

  private static Answer chat(GatewayUnderTest gateway, String key, String request) {
    return post(gateway, "/v1/chat/completions", key, request);
  }

  private static Answer post(GatewayUnderTest gateway, String path, String key, String request) {
    return gateway.send(
        gateway
            .request(path, "Content-Type", "application/json")
            .setHeader("Authorization", "Bearer " + key)
            .POST(BodyPublishers.ofString(request)));
  }
}
