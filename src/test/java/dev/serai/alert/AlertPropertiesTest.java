package dev.serai.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.NestedExceptionUtils;

class AlertPropertiesTest {

  private static AlertProperties bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("serai.alerts", AlertProperties.class);
  }

  @Test
  void what_is_not_set_has_its_default() {
    AlertProperties settings = bound(Map.of());

    assertThat(settings.thresholds()).containsExactly(50, 80, 95, 100);
    assertThat(settings.every()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.webhook().wanted()).isFalse();
    assertThat(settings.mail().wanted()).isFalse();
  }

  @Test
  void thresholds_are_kept_in_their_order() {
    assertThat(bound(Map.of("serai.alerts.thresholds", "90,120,10,90")).thresholds())
        .containsExactly(10, 90, 120);
  }

  @ParameterizedTest
  @CsvSource({
    "every, 0s",
    "thresholds, 0",
    "thresholds, '50,1001'",
    "jump-factor, 1",
    "jump-least-usd, -0.01",
    "mail.host, smtp.example",
    "webhook.url, hooks.example/x",
    "webhook.secret, whsec_%",
    "webhook.secret, whsec_",
    "mail.port, 0",
    "mail.port, 65536",
    "mail.from, nobody",
    "mail.from, 'day@serai.example,night@serai.example'",
    "mail.to, 'day@serai.example,no address'"
  })
  void what_cannot_work_is_refused_by_its_name(String setting, String value) {
    assertThatThrownBy(() -> bound(Map.of("serai.alerts." + setting, value)))
        .isInstanceOf(BindException.class)
        .satisfies(
            e ->
                assertThat(NestedExceptionUtils.getMostSpecificCause(e))
                    .hasMessageContaining("serai.alerts." + setting.split("host", -1)[0]));
  }
}
