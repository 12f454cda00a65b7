package dev.serai.route;

import dev.serai.dialect.InvalidRequestException;
import dev.serai.egress.BedrockUpstream;
import dev.serai.egress.BedrockUpstream.Ask;
import dev.serai.egress.UnsentException;
import dev.serai.egress.UpstreamException;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.aws2.bedrock.runtime.BedrockConstants;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/** What stands around a Converse call that Camel's component makes: its request and its reply. */
@Component("converse")
final class Converse {

  private final Upstreams upstreams;

  Converse(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  /** The component makes the calls for whole chat answers; it cannot stream event by event. */
  public void chooseWay(Exchange exchange) {
    boolean chat = "chat".equals(exchange.getVariable(Variables.OPERATION_NAME));
    boolean component = chat && !Call.of(exchange).request().stream();
    exchange.setVariable(Variables.CALLED_BY, component ? "component" : "upstream");
  }

  /** Puts the Converse request into the body. */
  public void ask(Exchange exchange) {
    Call call = Call.of(exchange);
    Ask ask = upstream(call).ask(UpstreamComponent.request(call));
    call.attempt().ask = ask;
    exchange.getMessage().setBody(ask.request());
  }

  /** Makes of what the component left the reply that every other provider gives. */
  public void answer(Exchange exchange) {
    Call call = Call.of(exchange);
    Message message = exchange.getMessage();
    String reason = message.getHeader(BedrockConstants.CONVERSE_STOP_REASON, String.class);
    message.setBody(
        upstream(call)
            .answer(
                Objects.requireNonNull(call.attempt().ask),
                message.getHeader(
                    BedrockConstants.CONVERSE_OUTPUT_MESSAGE,
                    software.amazon.awssdk.services.bedrockruntime.model.Message.class),
                reason == null ? null : StopReason.fromValue(reason),
                message.getHeader(BedrockConstants.CONVERSE_USAGE, TokenUsage.class)));
    message.removeHeaders("CamelAwsBedrock*");
  }

  /** Makes of an exception the reply it stands for, or this attempt's failure. */
  public void problem(Exchange exchange) throws Exception {
    Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    for (Throwable cause = caught; cause != null; cause = cause.getCause()) {
      if (cause instanceof UpstreamException failed) {
        throw failed;
      }
      if (cause instanceof SdkException
          || cause instanceof InvalidRequestException
          || cause instanceof UnsentException) {
        Call call = Call.of(exchange);
        exchange
            .getMessage()
            .setBody(upstream(call).problem((RuntimeException) cause, call.attempt().ask));
        return;
      }
    }
    throw caught;
  }

  private BedrockUpstream upstream(Call call) {
    return upstreams.bedrock(call.attempt().target.id());
  }
}
