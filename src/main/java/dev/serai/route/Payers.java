package dev.serai.route;

import dev.serai.catalog.Credential;
import dev.serai.catalog.Dialect;
import dev.serai.catalog.Provider;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.chat.Failure;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.tenant.Tenant;
import dev.serai.tenant.Tier;
import dev.serai.tenant.credential.TenantCredentials;
import dev.serai.tenant.credential.TenantCredentials.Found;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds out who pays, and says what to do where nobody can. */
@Component
final class Payers {

  /** The types of the failures by which a provider turns down an account and not a call. */
  private static final Set<String> OF_THE_ACCOUNT =
      Set.of("invalid_key", "quota_exceeded", "rate_limited");

  private static final Duration COME_BACK = Duration.ofSeconds(60);

  private final TenantCredentials credentials;

  Payers(TenantCredentials credentials) {
    this.credentials = credentials;
  }

  /** Who pays for a tenant's calls to a provider. */
  Payer of(Tenant tenant, Provider provider) {
    if (provider.dialect() == Dialect.LOCAL) {
      return new Payer.Platform();
    }
    return switch (credentials.find(tenant.id(), provider.id())) {
      case Found.Open own -> new Payer.Own(() -> latest(tenant, provider, own.credential()));
      case Found.Locked locked -> new Payer.Locked();
      case Found.None none ->
          tenant.tier() == Tier.TRIAL ? new Payer.Platform() : new Payer.Nobody();
    };
  }

  /** The same, which may be erased by now, where there is no other. */
  private Credential latest(Tenant tenant, Provider provider, Credential before) {
    try {
      return credentials.find(tenant.id(), provider.id()) instanceof Found.Open(Credential now)
          ? now
          : before;
    } catch (LedgerUnavailableException e) {
      return before;
    }
  }

  /**
   * Whether a tenant's calls may be answered by the local model where the platform has no
   * credential: it neither pays by itself nor could.
   */
  boolean livesOnThePlatform(Tenant tenant) {
    return tenant.tier() == Tier.TRIAL && !credentials.any(tenant.id());
  }

  /**
   * Who pays for an attempt that is about to be made: it may have changed since targets were
   * chosen.
   */
  Payer paying(Call call, Provider provider) {
    Payer payer = of(call.tenant(), provider);
    return switch (payer) {
      case Payer.Nobody nobody ->
          throw new ApiException(keyRequired(call.tenant(), List.of(provider)));
      case Payer.Locked locked -> throw new ApiException(locked(call.tenant(), List.of(provider)));
      case Payer.Platform platform when call.ownAccountFailed ->
          throw new ApiException(Refusals.of(call.failures));
      case Payer.Platform platform -> payer;
      case Payer.Own own -> payer;
    };
  }

  /** The tenant must bring a key of one of these providers. */
  static ApiError keyRequired(Tenant tenant, Collection<Provider> providers) {
    return ApiError.providerKeyRequired(
        "This tenant pays with provider keys of its own and has none for "
            + titles(providers)
            + ": store one with "
            + calls(tenant, providers)
            + ", or name a model of a provider that it has a key for.");
  }

  /** What the tenant stored for these providers cannot be opened. */
  static ApiError locked(Tenant tenant, Collection<Provider> providers) {
    return ApiError.noTarget(
        "The key that this tenant stored for "
            + titles(providers)
            + " cannot be opened now: try again later, or store it again with "
            + calls(tenant, providers)
            + "; the gateway's operator finds the reason in its log.",
        COME_BACK);
  }

  /**
   * A failure as it is told: one of the tenant's own account in words that the tenant can act on.
   * From then on the platform's account does not pay in its place.
   */
  static Failure told(Call call, Attempt attempt, Failure failure) {
    if (failure instanceof Failure.OwnAccount || !tenants(attempt, failure.type())) {
      return failure;
    }
    call.ownAccountFailed = true;
    Provider provider = attempt.target.provider();
    return new Failure.OwnAccount(provider.title(), remedy(call.tenant(), provider), failure);
  }

  /**
   * Whether a failure of this type says something of the tenant's account and not of the target.
   */
  static boolean tenants(Attempt attempt, @Nullable String errorType) {
    return errorType != null
        && attempt.payer instanceof Payer.Own
        && OF_THE_ACCOUNT.contains(errorType);
  }

  private static String titles(Collection<Provider> providers) {
    return providers.stream().map(Provider::title).distinct().collect(Collectors.joining(" or "));
  }

  private static String calls(Tenant tenant, Collection<Provider> providers) {
    return providers.stream()
        .map(provider -> remedy(tenant, provider))
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  private static String remedy(Tenant tenant, Provider provider) {
    return "PUT /admin/v1/tenants/" + tenant.id() + "/credentials/" + provider.id();
  }
}
