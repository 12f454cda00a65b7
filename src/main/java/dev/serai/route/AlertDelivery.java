package dev.serai.route;

import dev.serai.alert.AlertProperties;
import dev.serai.alert.Channel;
import dev.serai.alert.Deliveries;
import dev.serai.alert.Delivery;
import dev.serai.alert.UndeliveredException;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Takes alerts that are to be delivered, and notes how that went. */
@Component("alertDelivery")
final class AlertDelivery {

  private final Deliveries deliveries;
  private final AlertProperties settings;

  AlertDelivery(Deliveries deliveries, AlertProperties settings) {
    this.deliveries = deliveries;
    this.settings = settings;
  }

  /** Those for the log. */
  public List<Delivery> forLog() {
    return deliveries.claim(Channel.LOG);
  }

  /** Those for the webhook. */
  public List<Delivery> forWebhook() {
    return deliveries.claim(Channel.WEBHOOK);
  }

  /** Those to mail. */
  public List<Delivery> forMail() {
    return deliveries.claim(Channel.MAIL);
  }

  /** Whether there is a webhook. */
  public boolean posts() {
    return settings.webhook().wanted();
  }

  /** Whether there is a mail server. */
  public boolean mails() {
    return settings.mail().wanted();
  }

  /** The delivery got there. */
  public void delivered(Exchange exchange) {
    deliveries.delivered(of(exchange));
  }

  /** The delivery did not get there; what it says of that names no secret. */
  public void failed(Exchange exchange) {
    Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    String reason =
        thrown instanceof UndeliveredException
            ? Objects.requireNonNull(thrown.getMessage())
            : thrown.getClass().getSimpleName();
    deliveries.failed(of(exchange), reason);
  }

  private static Delivery of(Exchange exchange) {
    return exchange.getVariable(Variables.DELIVERY, Delivery.class);
  }
}
