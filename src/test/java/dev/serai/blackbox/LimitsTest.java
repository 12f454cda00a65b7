package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** There are so many places and no more, and every place is given back. */
class LimitsTest {
  private final GatewayUnderTest gateway = Tight.gateway();

  @Test
  void refuses_who_finds_no_place_and_says_when_to_come_back() {
    try (Held held = new Held("held")) {
      Answer refused = gateway.chat(ask("one too many"));

      refused.isError(429, "rate_limit_exceeded");
      assertThat(refused.header("retry-after")).matches("[1-9][0-9]*");
      assertThat(refused.headers()).doesNotContainKey("x-serai-attempts");
      assertThat(gateway.provider().calls()).hasSize(Tight.PLACES);
      assertThat(gateway.ledger(refused.requestId())).isEmpty();
      held.release();
    }

    assertAllPlacesAreFree();
  }

  @Test
  void failures_give_their_places_back() {
    gateway.provider().byDefault(Behaviour.status(401));

    for (int i = 0; i <= Tight.PLACES; i++) {
      Answer failed = gateway.chat(ask("fails"));
      failed.isError(502, "provider_error");
      assertThat(failed.header("x-serai-attempts")).isEqualTo("1");
    }

    assertAllPlacesAreFree();
  }

  @Test
  void clients_that_leave_give_their_places_back() throws IOException {
    gateway.provider().byDefault(Behaviour.pacedStream(200, Duration.ofMillis(50)));

    for (int i = 0; i <= Tight.PLACES; i++) {
      try (SseStream stream = gateway.stream(ask("leaves", STREAM))) {
        requireNonNull(stream.nextData());
      }
      Call left = gateway.provider().calls().getLast();
      await().atMost(Duration.ofSeconds(10)).until(left::clientLeft);
    }

    assertAllPlacesAreFree();
  }

  private void assertAllPlacesAreFree() {
    gateway.provider().reset();
    try (Held held = new Held("all places are free")) {
      assertThat(held.release()).extracting(Answer::status).containsOnly(200);
    }
  }

  /** Calls in every place, answered when they are released. */
  private final class Held implements AutoCloseable {
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<CompletableFuture<Answer>> answers = new ArrayList<>();

    Held(String question) {
      gateway
          .provider()
          .byDefault(
              reply -> {
                if (released.await(9, TimeUnit.SECONDS)) {
                  Behaviour.answer().play(reply);
                }
              });
      for (int i = 0; i < Tight.PLACES; i++) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        answers.add(answer);
        Thread.ofVirtual().start(() -> answer.complete(gateway.chat(ask(question))));
      }
      gateway.provider().awaitCalls(Tight.PLACES);
    }

    List<Answer> release() {
      released.countDown();
      return answers.stream().map(answer -> answer.orTimeout(10, TimeUnit.SECONDS).join()).toList();
    }

    @Override
    public void close() {
      release();
    }
  }
}
