package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ADMIN_KEY;
import static dev.serai.blackbox.GatewayUnderTest.KEY;
import static dev.serai.blackbox.GatewayUnderTest.PROVIDER_KEY;
import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Prompts, answers and keys are on the wire to their readers and nowhere else. */
@ExtendWith(OutputCaptureExtension.class)
class SecrecyTest {
  private static final String PROMPT = "prompt-canary";
  private static final String ANSWER = "answer-canary";
  private static final String WRONG_KEY = "sk-wrong-canary";
  private static final String[] SECRETS = {PROMPT, ANSWER, WRONG_KEY, KEY, PROVIDER_KEY, ADMIN_KEY};

  private final GatewayUnderTest gateway = Tight.gateway();
  private final List<Answer> answers = new ArrayList<>();

  @Test
  void no_prompt_no_answer_and_no_key_is_written_down(CapturedOutput console) throws Exception {
    int before = console.getAll().length();

    good(ask(PROMPT + " whole"));
    good(ask(PROMPT + " stream", STREAM));
    bad(Behaviour.status(401), ask(PROMPT + " refused key"));
    bad(reflecting(401), ask(PROMPT + " reflected key"));
    bad(reflecting(500), ask(PROMPT + " failure"));
    bad(html(), ask(PROMPT + " rubbish"));
    bad(Behaviour.disconnectBeforeAnswer(), ask(PROMPT + " cut"));
    bad(Behaviour.answer(ANSWER), "{\"messages\":\"" + PROMPT + "\"");
    bad(Behaviour.answer(ANSWER), "{\"messages\":\"" + PROMPT + "\"}");
    answers.add(gateway.get("/v1/models/" + PROMPT));
    answers.add(
        gateway.send(
            gateway
                .request("/v1/models", "X-Other", PROMPT)
                .setHeader("Authorization", "Bearer " + WRONG_KEY)));
    answers.add(gateway.get("/admin/v1/usage?tenant=" + PROMPT));
    gateway.provider().byDefault(Behaviour.answer(ANSWER));
    Folders folders = Folders.of(gateway.home(), Tight.ROLE);
    folders.drop("good.md", PROMPT + " file");
    assertThat(folders.answer("good.md")).contains(ANSWER);
    folders.drop("bad.json", "{\"messages\":\"" + PROMPT + "\"}");
    assertThat(folders.error("bad.json").toString()).doesNotContain(SECRETS);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> console.getAll().substring(before).contains("file failed name="));

    String log = console.getAll().substring(before);
    assertThat(log).contains("status=200", "status=400", "status=502", "entry=file");
    assertThat(log).doesNotContain(SECRETS);
    for (Answer answer : answers) {
      assertThat(answer.headers().toString()).doesNotContain(SECRETS);
      if (answer.status() >= 400) {
        assertThat(answer.isErrorShaped().text()).doesNotContain(SECRETS);
      }
    }
    assertThat(answers).extracting(Answer::status).contains(200, 400, 401, 404, 502);
  }

  /** Its breaker stays closed, whatever fails here. */
  private static String toSecond(String request) {
    return request.replace(GatewayUnderTest.MODEL, "openrouter/openai/gpt-4o");
  }

  private void good(String request) {
    gateway.second().byDefault(Behaviour.answer(ANSWER));
    Answer answer = gateway.chat(toSecond(request));
    assertThat(answer.text()).contains(ANSWER);
    answers.add(answer);
  }

  private void bad(Behaviour behaviour, String request) {
    gateway.second().byDefault(behaviour);
    Answer answer = gateway.chat(toSecond(request));
    assertThat(answer.status()).isGreaterThanOrEqualTo(400);
    answers.add(answer);
  }

  /** An error that repeats everything it was sent. */
  private static Behaviour reflecting(int status) {
    return reply ->
        reply.whole(
            status,
            Map.of("Content-Type", "application/json", "X-Seen", PROMPT),
            "{\"error\":{\"message\":\"%s %s\",\"type\":\"%s\",\"code\":\"%s\"}}"
                .formatted(reply.call().header("authorization"), PROMPT, ANSWER, PROMPT)
                .getBytes(StandardCharsets.UTF_8));
  }

  private static Behaviour html() {
    return reply ->
        reply.whole(
            200,
            Map.of("Content-Type", "text/html"),
            ("<p>" + ANSWER + PROMPT).getBytes(StandardCharsets.UTF_8));
  }
}
