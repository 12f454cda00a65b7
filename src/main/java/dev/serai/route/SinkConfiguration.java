package dev.serai.route;

import dev.serai.ledger.SinkSettings;
import dev.serai.ledger.SinkSettings.Jms;
import dev.serai.ledger.SinkSettings.Sink;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jms.connection.CachingConnectionFactory;

/**
 * The components by which usage events go out. Neither connects before there is an event; that of
 * the sink that is not configured never does.
 */
@Configuration(proxyBeanMethods = false)
class SinkConfiguration {

  private static final int CONNECT_MILLIS = 10_000;
  private static final int DELIVERY_MILLIS = 30_000;

  @Bean("kafka")
  KafkaComponent kafka(SinkSettings settings) {
    SinkSettings.Kafka kafka = settings.kafka();
    KafkaConfiguration configuration = new KafkaConfiguration();
    configuration.setBrokers(kafka.brokers());
    configuration.setSecurityProtocol(kafka.securityProtocol());
    if (!kafka.saslMechanism().isEmpty()) {
      configuration.setSaslMechanism(kafka.saslMechanism());
    }
    if (!kafka.saslJaasConfig().isEmpty()) {
      configuration.setSaslJaasConfig(kafka.saslJaasConfig());
    }
    configuration.setRequestRequiredAcks("all");
    configuration.setMaxBlockMs(CONNECT_MILLIS);
    configuration.setRequestTimeoutMs(CONNECT_MILLIS);
    configuration.setDeliveryTimeoutMs(DELIVERY_MILLIS);
    KafkaComponent component = new KafkaComponent();
    component.setConfiguration(configuration);
    return component;
  }

  /**
   * The connections to the JMS broker, which end with the gateway. They are no bean of their own,
   * for then the gateway's health would be the broker's.
   */
  record JmsConnections(@Nullable CachingConnectionFactory factory) implements AutoCloseable {
    @Override
    public void close() {
      if (factory != null) {
        factory.destroy();
      }
    }
  }

  @Bean
  JmsConnections jmsConnections(SinkSettings settings) {
    return new JmsConnections(
        settings.sink() == Sink.JMS ? new CachingConnectionFactory(factory(settings.jms())) : null);
  }

  @Bean("jms")
  JmsComponent jms(JmsConnections connections) {
    JmsComponent component = new JmsComponent();
    component.setAutowiredEnabled(false);
    if (connections.factory() != null) {
      component.setConnectionFactory(connections.factory());
    }
    return component;
  }

  private static ActiveMQConnectionFactory factory(Jms jms) {
    return jms.user().isEmpty()
        ? new ActiveMQConnectionFactory(jms.brokerUrl())
        : new ActiveMQConnectionFactory(jms.brokerUrl(), jms.user(), jms.password());
  }
}
