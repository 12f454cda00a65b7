package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import dev.serai.tenant.GatewayKey;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Zeta tries every way to what belongs to Acme. */
class IsolationTest {
  private static final String ACME = "sk-of-acme-the-victim";
  private static final String ZETA = "sk-of-zeta-the-curious";
  private static final String SECRET = "the-secret-of-acme";
  private static final String DESK = "desk";
  private static final Map<String, String> TWO =
      Map.ofEntries(
          Map.entry("serai.tenants.acme.key-sha256[0]", GatewayKey.hashOf(ACME)),
          Map.entry("serai.tenants.zeta.key-sha256[0]", GatewayKey.hashOf(ZETA)),
          Map.entry("serai.files.tenant", "acme"),
          Map.entry("serai.files.enabled", "true"),
          Map.entry("serai.files.poll", "100ms"),
          Map.entry("serai.files.settle", "100ms"),
          Map.entry("serai.roles.desk.description", "Reads what lies on the desk"),
          Map.entry("serai.roles.desk.targets[0]", GatewayUnderTest.MODEL));

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(TWO);
  private final String id = UUID.randomUUID().toString();

  @BeforeEach
  void acme_has_something_to_hide() {
    gateway.provider().byDefault(Behaviour.answer(SECRET));
    Answer answer = chat(ACME, ask("Remember: " + id), Talk.HEADER, id);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    gateway.provider().byDefault(Behaviour.answer("nothing of interest"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void the_cache_keeps_the_same_request_apart(String fields) {
    String same = ask("The same for both " + id, fields);
    gateway.provider().byDefault(Behaviour.answer(SECRET));
    chat(ACME, same);
    assertThat(chat(ACME, same).cache()).isEqualTo("hit");
    gateway.provider().byDefault(Behaviour.answer("nothing of interest"));

    Answer answer = chat(ZETA, same);

    assertThat(answer.cache()).isEqualTo("miss");
    assertThat(answer.text()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "x-serai-tenant,acme",
    "x-serai-tenant-id,acme",
    "x-tenant-id,acme",
    "tenantId,acme",
    "tenant,acme",
    "X-Forwarded-User,acme",
    "CamelCaffeineKey,acme",
    "OpenAI-Organization,acme",
    "OpenAI-Project,acme",
    "x-serai-cache,refresh",
    "x-serai-prompt-version,acme",
    "Idempotency-Key,the-same-for-both"
  })
  void no_header_makes_another_tenant_of_it(String name, String value) {
    String same = ask("Headers " + name + id);
    gateway.provider().byDefault(Behaviour.answer(SECRET));
    chat(ACME, same, name, value);
    gateway.provider().byDefault(Behaviour.answer("nothing of interest"));

    Answer answer = chat(ZETA, same, name, value);

    assertThat(answer.text()).doesNotContain(SECRET);
    assertThat(tenantOf(answer)).isEqualTo("zeta");
  }

  @Test
  void no_field_and_no_parameter_makes_another_tenant_of_it() {
    String json =
        ask(
            "Fields " + id,
            "\"user\":\"acme\",\"tenant\":\"acme\",\"tenant_id\":\"acme\",\"tenantId\":\"acme\","
                + "\"safety_identifier\":\"acme\",\"metadata\":{\"tenant\":\"acme\"},"
                + "\"prompt_cache_key\":\"acme\"");
    Answer answer =
        send(ZETA, post("/v1/chat/completions?tenant=acme&tenantId=acme&keyHash=" + hash(), json));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(tenantOf(answer)).isEqualTo("zeta");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void calls_in_flight_are_not_joined(String fields) throws Exception {
    String same = ask("Asked at the same time " + id, fields);
    gateway.provider().reset();
    gateway.provider().byDefault(Behaviour.slow(Duration.ofMillis(700)));

    List<Answer> answers = Together.run(4, i -> chat(i % 2 == 0 ? ACME : ZETA, same));

    assertThat(gateway.provider().calls()).as("one call for each tenant").hasSize(2);
    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(gateway.provider().calls())
        .extracting(call -> call.json().path("safety_identifier").asText())
        .doesNotHaveDuplicates();
    assertThat(List.of(answers.get(0).cache(), answers.get(2).cache())).contains("miss");
    assertThat(List.of(answers.get(1).cache(), answers.get(3).cache())).contains("miss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "acme/%s",
        "acme%%2F%s",
        "../acme/%s",
        "%%2e%%2e/acme/%s",
        "acme:%s",
        "%s;tenant=acme",
        "%s?tenant=acme",
        "%s%%00",
        "%s%%20",
        "*",
        "%%25",
        "' OR '1'='1"
      })
  void a_conversation_is_not_found_by_any_name(String form) throws Exception {
    String path = "/v1/conversations/" + form.formatted(id).replace(" ", "%20").replace("'", "%27");

    Answer read = raw("GET", path);
    Answer deleted = raw("DELETE", path);

    for (Answer answer : List.of(read, deleted)) {
      answer.isErrorShaped();
      assertThat(answer.status()).isIn(400, 404);
      assertThat(answer.text()).doesNotContain(SECRET, id);
    }
    assertThat(send(ACME, gateway.request("/v1/conversations/" + id)).text()).contains(SECRET);
  }

  @Test
  void a_conversation_of_the_same_name_is_another() {
    chat(ZETA, ask("What did I say?"), Talk.HEADER, id);

    assertThat(gateway.provider().calls().getLast().json().path("messages")).hasSize(1);
    Answer own = send(ZETA, gateway.request("/v1/conversations/" + id));
    assertThat(own.json().path("messages")).hasSize(2);
    assertThat(own.text()).doesNotContain(SECRET);
    assertThat(send(ACME, gateway.request("/v1/conversations/" + id)).json().path("messages"))
        .hasSize(2);
  }

  @Test
  void errors_do_not_tell_what_exists() {
    String unknown = "/v1/conversations/" + UUID.randomUUID();
    String theirs = "/v1/conversations/" + id;

    assertThat(send(ZETA, gateway.request(theirs)).text())
        .isEqualTo(send(ZETA, gateway.request(unknown)).text());
    assertThat(send(ZETA, gateway.request(theirs).DELETE()).text())
        .isEqualTo(send(ZETA, gateway.request(unknown).DELETE()).text());
    String wrongKey =
        send("sk-wrong", gateway.request(theirs)).isError(401, "invalid_api_key").text();
    assertThat(List.of("acme", "zeta", "nobody", hash(), ACME + "x", ACME.substring(1)))
        .allSatisfy(
            key ->
                assertThat(
                        send(key, gateway.request(unknown)).isError(401, "invalid_api_key").text())
                    .isEqualTo(wrongKey));
  }

  @Test
  void usage_is_ones_own() {
    String query = "/v1/usage?group_by=tenant,entry,role,model,day";
    Answer answer = chat(ZETA, ask("Counted " + id));
    gateway.settledLedger(answer.requestId());

    Answer own = send(ZETA, gateway.request(query));
    Answer csv = send(ZETA, gateway.request(query, "Accept", "text/csv"));

    assertThat(own.json().path("data"))
        .isNotEmpty()
        .allSatisfy(sum -> assertThat(sum.path("tenant").asText()).isEqualTo("zeta"));
    assertThat(csv.text()).contains("zeta,").doesNotContain("acme");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/usage?tenant=acme",
        "/v1/usage?tenant=zeta&tenant=acme",
        "/v1/usage?group_by=tenant&tenant=acme",
        "/v1/usage?%74enant=acme",
        "/v1/usage/acme",
        "/v1/usage/rows",
        "/v1/usage?group_by=tenant_id",
        "/v1/usage?group_by=tenant)--",
        "/v1/usage?from='%20OR%201=1"
      })
  void usage_cannot_be_asked_for_of_others(String path) throws Exception {
    Answer answer = raw("GET", path);

    answer.isErrorShaped();
    assertThat(answer.status()).isIn(400, 404);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/admin/v1/usage?tenant=acme",
    "GET,/admin/v1/usage/rows?tenant=acme",
    "GET,/admin/v1/openapi.yaml",
    "DELETE,/admin/v1/cache?tenant=acme",
    "POST,/admin/v1/targets/openai/check"
  })
  void a_gateway_key_opens_no_admin_path(String method, String path) {
    Answer answer = send(ZETA, gateway.request(path).method(method, BodyPublishers.noBody()));

    answer.isError(401, "invalid_api_key");
    assertThat(chat(ACME, ask("Remember: " + id)).status()).isEqualTo(200);
  }

  @Test
  void files_belong_to_whom_they_are_configured_for() {
    Folders folders = Folders.of(gateway.home(), DESK);
    gateway.provider().byDefault(Behaviour.answer(SECRET));
    String name = id + ".md";

    folders.drop(name, "---\nconversation: file-" + id + "\n---\nWhose is this?\n");

    assertThat(folders.answer(name)).isEqualTo(SECRET);
    assertThat(row(folders.sidecar(name).path("request_id").asText()).path("tenant_id").asText())
        .isEqualTo("acme");
    String conversation = "/v1/conversations/file-" + id;
    assertThat(send(ACME, gateway.request(conversation)).text()).contains(SECRET);
    send(ZETA, gateway.request(conversation)).isError(404, "not_found");
    assertThat(chat(ZETA, ask("Whose is this?\\n").replace(GatewayUnderTest.MODEL, DESK)).cache())
        .isEqualTo("miss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/outbox/desk/",
        "/v1/files",
        "/v1/files/1",
        "/v1/batches",
        "/v1/models/..%2F..%2Foutbox",
        "/v1/conversations/..%2F..%2Finbox",
        "/actuator/env",
        "/actuator/heapdump",
        "/actuator/configprops",
        "/actuator/beans",
        "/actuator/loggers",
        "/h2-console"
      })
  void nothing_else_shows_what_is_inside(String path) throws Exception {
    Answer answer = raw("GET", path);

    answer.isErrorShaped();
    assertThat(answer.status()).isIn(400, 404, 405);
  }

  @Test
  void what_everybody_may_read_names_no_tenant() {
    chat(ACME, ask("Metered " + id));

    assertThat(gateway.get("/actuator/prometheus").text()).doesNotContain("acme", "zeta", id);
    assertThat(gateway.get("/actuator/health").text()).doesNotContain("acme", "zeta");
    assertThat(send(ZETA, gateway.request("/v1/models")).text()).doesNotContain("acme");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../acme", "acme", "desk/../acme", "%61cme"})
  void a_role_name_is_no_way_to_a_tenant(String role) {
    Answer answer =
        chat(ZETA, "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "x-serai-role", role);

    answer.isError(404, "model_not_found");
  }

  private static String hash() {
    return GatewayKey.hashOf(ACME);
  }

  private String tenantOf(Answer answer) {
    return row(answer.requestId()).path("tenant_id").asText();
  }

  private JsonNode row(String requestId) {
    gateway.settledLedger(requestId);
    return gateway
        .send(gateway.admin("/admin/v1/usage/rows?request_id=" + requestId))
        .json()
        .at("/data/0");
  }

  private Answer chat(String key, String json, String... headers) {
    HttpRequest.Builder request = post("/v1/chat/completions", json);
    return send(key, headers.length == 0 ? request : request.headers(headers));
  }

  private HttpRequest.Builder post(String path, String json) {
    return gateway
        .request(path, "Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json));
  }

  /** On a connection of its own: what Jetty itself refuses ends the connection. */
  private Answer raw(String method, String path) throws Exception {
    return RawHttp.send(
        gateway.port(),
        method + " " + path + " HTTP/1.1\nAuthorization: Bearer " + ZETA,
        out -> {});
  }

  private Answer send(String key, HttpRequest.Builder request) {
    return gateway.send(request.setHeader("Authorization", "Bearer " + key));
  }
}
