package dev.serai.route;

import dev.serai.chat.Failure;
import dev.serai.dialect.AnswerFacts;
import dev.serai.egress.Reply;
import dev.serai.egress.Upstream;
import dev.serai.egress.UpstreamException;
import dev.serai.egress.UpstreamRequest;
import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.springframework.stereotype.Component;

/**
 * {@code upstream:<id>} calls a configured provider: request bytes in, a {@link Reply} out. Takes
 * the attempt from the call that the exchange carries, and throws {@link UpstreamException} for
 * every outcome that speaks against the target's health, so that a circuit breaker around it counts
 * right.
 */
@Component("upstream")
final class UpstreamComponent extends DefaultComponent {

  private final Upstreams upstreams;

  UpstreamComponent(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  /** What the current attempt of a call sends. */
  static UpstreamRequest request(Call call) {
    Attempt attempt = call.attempt();
    return new UpstreamRequest(
        call.operation.path(),
        attempt.body,
        call.request().stream(),
        call.requestId + "-" + attempt.number,
        call.attemptTime(),
        Estimates.answerLimit(call.role, attempt.target.model()),
        attempt.payer instanceof Payer.Own own ? own.latest().get() : null);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String id, Map<String, Object> parameters) {
    return new UpstreamEndpoint(uri, this, upstreams.get(id));
  }

  private static final class UpstreamEndpoint extends DefaultEndpoint {
    private final Upstream upstream;

    UpstreamEndpoint(String uri, UpstreamComponent component, Upstream upstream) {
      super(uri, component);
      this.upstream = upstream;
    }

    @Override
    public Producer createProducer() {
      return new UpstreamProducer(this, upstream);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      throw new IllegalArgumentException("upstream: can be called, not listened to");
    }
  }

  private static final class UpstreamProducer extends DefaultProducer {
    private final Upstream upstream;

    UpstreamProducer(UpstreamEndpoint endpoint, Upstream upstream) {
      super(endpoint);
      this.upstream = upstream;
    }

    @Override
    public void process(Exchange exchange) {
      Call call = Call.of(exchange);
      Attempt attempt = call.attempt();
      Reply reply = upstream.send(request(call));
      if (reply instanceof Reply.Whole whole && whole.status() < 300) {
        AnswerFacts facts = AnswerFacts.read(whole.body(), call.operation);
        if (!facts.readable()) {
          throw new UpstreamException(new Failure.Unreadable("not a JSON object"), true);
        }
        if (call.parts != null && facts.error() == null && facts.choices() != call.parts.asked()) {
          throw new UpstreamException(
              new Failure.Unreadable("not one vector for each input"), true);
        }
        attempt.facts = facts;
      }
      exchange.getMessage().setBody(reply);
    }
  }
}
