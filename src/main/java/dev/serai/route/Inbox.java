package dev.serai.route;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.Role;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.tenant.Tenant;
import dev.serai.tenant.Tenants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The folders where prompts are put, one for each role, and who pays for what lies there. */
@Component("inbox")
final class Inbox {

  private static final Logger LOG = LoggerFactory.getLogger("dev.serai.files");

  private final Path folder;
  private final Tenants tenants;
  private final String tenantId;
  private final boolean enabled;
  private final AtomicBoolean paid = new AtomicBoolean(true);

  /** Makes the folders when they are to be watched. */
  Inbox(GatewayProperties settings, Catalog catalog, Tenants tenants) {
    this.tenants = tenants;
    folder = settings.home().resolve("inbox");
    String id = settings.files().tenant();
    tenantId = id == null || id.isBlank() ? Tenants.DEV.id() : id;
    enabled = settings.files().enabled();
    if (enabled) {
      makeFolders(settings.home(), catalog);
    }
  }

  private void makeFolders(Path home, Catalog catalog) {
    try {
      for (Role role : catalog.roles()) {
        Files.createDirectories(folder.resolve(role.name()));
      }
      Files.createDirectories(home.resolve("outbox"));
      Files.createDirectories(home.resolve("failed"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The folders below "
              + home.toAbsolutePath()
              + " cannot be made: check who may write there",
          e);
    }
  }

  /** Whether the folders are watched at all. */
  public boolean enabled() {
    return enabled;
  }

  /** Whether files are taken now: somebody pays for them. Says so when that has changed. */
  boolean open() {
    if (!enabled) {
      return false;
    }
    try {
      boolean pays = tenant() != null;
      if (paid.compareAndSet(!pays, pays)) {
        tell(pays);
      }
      return pays;
    } catch (LedgerUnavailableException e) {
      return false;
    }
  }

  private static void tell(boolean pays) {
    if (pays) {
      LOG.info("the folders are watched again");
    } else {
      LOG.warn(
          "the folders are not watched, their files stay where they are: there are tenants, and"
              + " serai.files.tenant names none of them; set it to the one who pays");
    }
  }

  /** Where prompts are put. */
  Path folder() {
    return folder;
  }

  /** Whether a name below a folder leads to what it says, through no link below that folder. */
  static boolean direct(Path folder, Path relative) {
    try {
      Path real = folder.resolve(relative).toRealPath();
      return real.equals(folder.toRealPath().resolve(relative));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Who pays; null when nobody does.
   *
   * @throws LedgerUnavailableException when that cannot be found out now
   */
  @Nullable Tenant tenant() {
    return tenants.tenant(tenantId);
  }
}
