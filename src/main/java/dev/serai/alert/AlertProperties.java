package dev.serai.alert;

import dev.serai.catalog.SecretSource;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is told, and to whom, below {@code serai.alerts}.
 *
 * @param every how often budgets are looked at, and alerts are sent; more than 0
 * @param thresholds in percent of a budget, each 1 to 1000
 * @param jumpFactor by how much a tenant's day must be above its usual one; more than 1
 * @param jumpLeastUsd a day that cost no more than this is no jump; 0 or more
 */
@ConfigurationProperties("serai.alerts")
public record AlertProperties(
    @DefaultValue("1s") Duration every,
    @DefaultValue("50,80,95,100") List<Integer> thresholds,
    @DefaultValue("3") BigDecimal jumpFactor,
    @DefaultValue("1.00") BigDecimal jumpLeastUsd,
    @DefaultValue Webhook webhook,
    @DefaultValue Mail mail) {

  private static final int MOST_PORT = 65_535;
  private static final int MOST_PERCENT = 1000;
  private static final int MOST_JUMP_USD = 1_000_000_000;

  /**
   * Where alerts are posted.
   *
   * @param url the address, or a reference to a secret; blank for nowhere
   * @param secret signs them, or a reference to it; blank for no signature
   * @param format of the body
   */
  public record Webhook(
      @DefaultValue("") String url,
      @DefaultValue("") String secret,
      @DefaultValue("json") Format format) {

    /** Refuses an address that is none, and a secret that cannot be read. */
    public Webhook {
      url = url.strip();
      secret = secret.strip();
      if (!url.isEmpty() && !SecretSource.isReference(url)) {
        WebhookPost.uri(url);
      }
      if (!SecretSource.isReference(secret)) {
        WebhookPost.key(secret);
      }
    }

    /** Whether there is an address. */
    public boolean wanted() {
      return !url.isEmpty();
    }

    @Override
    public String toString() {
      return "Webhook[format=" + format + "]";
    }
  }

  /** What the body of a webhook looks like. */
  public enum Format {
    /** All that is known, with a text that Slack shows too. */
    JSON,
    /** As Slack's incoming webhooks take it. */
    SLACK,
    /** As a workflow of Microsoft Teams takes it. */
    TEAMS
  }

  /**
   * Who gets them by mail.
   *
   * @param host the SMTP server; blank for no mail
   * @param port its port
   * @param tls how the connection is secured
   * @param username who sends; blank where the server asks for nobody
   * @param password the password, or a reference to a secret
   * @param from the sender's address
   * @param to the readers' addresses, with commas between
   */
  public record Mail(
      @DefaultValue("") String host,
      @DefaultValue("587") int port,
      @DefaultValue("starttls") Tls tls,
      @DefaultValue("") String username,
      @DefaultValue("") String password,
      @DefaultValue("") String from,
      @DefaultValue("") String to) {

    /** Refuses a server without addresses, and what is none. */
    public Mail {
      require(port >= 1 && port <= MOST_PORT, "serai.alerts.mail.port must be 1 to 65535");
      requireAddresses("from", from, 1);
      requireAddresses("to", to, Integer.MAX_VALUE);
      require(
          host.isBlank() || (!from.isBlank() && !to.isBlank()),
          "serai.alerts.mail.from and serai.alerts.mail.to are missing: set both, or no host");
    }

    private static void requireAddresses(String setting, String written, int most) {
      try {
        InternetAddress[] addresses = InternetAddress.parse(written, true);
        for (InternetAddress address : addresses) {
          address.validate();
        }
        require(addresses.length <= most, "serai.alerts.mail." + setting + " is one address");
      } catch (AddressException e) {
        throw new IllegalArgumentException(
            "serai.alerts.mail."
                + setting
                + " is no mail address: write name@example.com"
                + (most == 1 ? "" : ", several with commas between"));
      }
    }

    /** Whether there is a server to send by. */
    public boolean wanted() {
      return !host.isBlank();
    }

    @Override
    public String toString() {
      return "Mail[host=" + host + "]";
    }
  }

  /** How a connection to an SMTP server is secured. */
  public enum Tls {
    /** Begins in clear and is secured before anything is said, or ends. */
    STARTTLS,
    /** Is secured from its beginning. */
    TLS,
    /** Is not. */
    NONE
  }

  /** Refuses what cannot work. */
  public AlertProperties {
    require(every.isPositive(), "serai.alerts.every must be more than 0");
    require(
        thresholds.stream().allMatch(percent -> percent >= 1 && percent <= MOST_PERCENT),
        String.format(
            Locale.ROOT, "serai.alerts.thresholds are percents of 1 to %d", MOST_PERCENT));
    thresholds = thresholds.stream().sorted().distinct().toList();
    require(
        jumpFactor.compareTo(BigDecimal.ONE) > 0, "serai.alerts.jump-factor must be more than 1");
    require(
        jumpLeastUsd.signum() >= 0
            && jumpLeastUsd.compareTo(BigDecimal.valueOf(MOST_JUMP_USD)) <= 0,
        "serai.alerts.jump-least-usd must be 0 to 1000000000");
  }

  private static void require(boolean fulfilled, String otherwise) {
    if (!fulfilled) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
