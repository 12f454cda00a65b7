package dev.serai.route;

import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.GatewayProperties.Limits;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.tenant.Tenant;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Bounds the requests in flight, for each tenant and for the whole gateway. */
@Component("admit")
final class Admit {

  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final Limits limits;
  private final Admission gateway;
  private final ConcurrentHashMap<String, Admission> tenants = new ConcurrentHashMap<>();

  Admit(GatewayProperties settings) {
    limits = settings.limits();
    gateway = new Admission(limits.inFlight(), limits.queue());
  }

  /** Takes a place until the request is over. The tenant's own bound comes first. */
  public void enter(Exchange exchange) {
    Call call = Call.of(exchange);
    Tenant tenant = call.tenant();
    int places = tenant.maxInFlight() > 0 ? tenant.maxInFlight() : limits.perTenant();
    if (places > 0) {
      Admission own =
          tenants.computeIfAbsent(tenant.id(), id -> new Admission(places, limits.queue()));
      enter(own, call, "Too many requests of this tenant are in flight");
    }
    enter(gateway, call, "Too many requests are in flight");
  }

  private void enter(Admission admission, Call call, String what) {
    Duration left = call.timeLeft();
    Duration patience = limits.queueWait().compareTo(left) < 0 ? limits.queueWait() : left;
    if (!admission.enter(patience)) {
      throw new ApiException(
          ApiError.rateLimited(
              what + ": try again after the time in Retry-After, or send fewer at once.",
              COME_BACK));
    }
    call.atEnd(admission::leave);
  }
}
