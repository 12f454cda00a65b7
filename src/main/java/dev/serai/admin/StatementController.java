package dev.serai.admin;

import dev.serai.ledger.StatementSums;
import dev.serai.report.Statement;
import dev.serai.report.StatementDocument;
import dev.serai.report.UsageDocument;
import dev.serai.tenant.ConfiguredTenants;
import dev.serai.tenant.Tenant;
import dev.serai.tenant.TenantStore;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a tenant used in a month, also when it is there no longer. */
@RestController
final class StatementController {

  private final StatementSums sums;
  private final TenantStore tenants;
  private final ConfiguredTenants configuration;
  private final Clock clock;

  StatementController(
      StatementSums sums, TenantStore tenants, ConfiguredTenants configuration, Clock clock) {
    this.sums = sums;
    this.tenants = tenants;
    this.configuration = configuration;
    this.clock = clock;
  }

  /** JSON, or CSV when that is what is accepted. */
  @GetMapping("/admin/v1/tenants/{id}/statements/{month}")
  ResponseEntity<byte[]> show(
      @PathVariable String id,
      @PathVariable String month,
      @RequestParam(name = "time_zone", required = false) @Nullable String zone,
      @RequestHeader(name = "Accept", defaultValue = "*/*") String accept) {
    if (!Tenant.validId(id)) {
      throw TenantAccess.unknown();
    }
    Statement statement = Statement.of(sums, id, month, zone, clock.instant());
    if (!statement.any() && configuration.tenant(id) == null && tenants.find(id) == null) {
      throw TenantAccess.unknown();
    }
    UsageDocument document = StatementDocument.of(statement, accept.contains("text/csv"));
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(document.contentType()))
        .body(document.body());
  }
}
