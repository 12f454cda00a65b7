package dev.serai.route;

import dev.serai.alert.AlertProperties;
import dev.serai.alert.AlertProperties.Tls;
import dev.serai.catalog.Secret;
import dev.serai.catalog.SecretSource;
import jakarta.mail.Authenticator;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How the mail server is spoken to. */
@Configuration(value = "alertMail", proxyBeanMethods = false)
class AlertMail {

  private static final String TIMEOUT_MILLIS = "10000";

  private final AlertProperties settings;

  AlertMail(AlertProperties settings) {
    this.settings = settings;
  }

  /** The sender's address, as it is written: an endpoint's URI would change some of its marks. */
  public String from() {
    return settings.mail().from();
  }

  /** The readers' addresses, likewise. */
  public String to() {
    return settings.mail().to();
  }

  /** A session that asks for the password anew for each mail. */
  @Bean
  Session alertMailSession(SecretSource secrets) {
    AlertProperties.Mail mail = settings.mail();
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.host", mail.host().strip());
    properties.setProperty("mail.smtp.port", Integer.toString(mail.port()));
    properties.setProperty("mail.smtp.connectiontimeout", TIMEOUT_MILLIS);
    properties.setProperty("mail.smtp.timeout", TIMEOUT_MILLIS);
    properties.setProperty("mail.smtp.writetimeout", TIMEOUT_MILLIS);
    boolean starts = mail.tls() == Tls.STARTTLS;
    properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(starts));
    properties.setProperty("mail.smtp.starttls.required", Boolean.toString(starts));
    properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(mail.tls() == Tls.TLS));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    if (mail.username().isBlank()) {
      return Session.getInstance(properties);
    }
    properties.setProperty("mail.smtp.auth", "true");
    return Session.getInstance(
        properties, new Login(mail.username(), password(mail.password(), secrets)));
  }

  private static @Nullable Secret password(String written, SecretSource secrets) {
    try {
      return secrets.secret("", written);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "serai.alerts.mail.password is not usable: " + e.getMessage(), e);
    }
  }

  private static final class Login extends Authenticator {
    private final String username;
    private final @Nullable Secret password;

    Login(String username, @Nullable Secret password) {
      this.username = username;
      this.password = password;
    }

    @Override
    protected PasswordAuthentication getPasswordAuthentication() {
      boolean there = password != null && password.present();
      return new PasswordAuthentication(
          username, there && password != null ? password.reveal() : "");
    }
  }
}
