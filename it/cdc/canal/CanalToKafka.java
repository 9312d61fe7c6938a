import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONWriter;
import com.alibaba.otter.canal.common.alarm.LogAlarmHandler;
import com.alibaba.otter.canal.connector.core.config.MQProperties;
import com.alibaba.otter.canal.connector.core.producer.AbstractMQProducer;
import com.alibaba.otter.canal.connector.core.producer.MQDestination;
import com.alibaba.otter.canal.connector.core.producer.MQMessageUtils;
import com.alibaba.otter.canal.connector.core.util.Callback;
import com.alibaba.otter.canal.filter.aviater.AviaterRegexFilter;
import com.alibaba.otter.canal.instance.core.CanalInstance;
import com.alibaba.otter.canal.instance.core.CanalMQConfig;
import com.alibaba.otter.canal.instance.spring.CanalInstanceWithSpring;
import com.alibaba.otter.canal.meta.FileMixedMetaManager;
import com.alibaba.otter.canal.parse.ha.HeartBeatHAController;
import com.alibaba.otter.canal.parse.inbound.mysql.MysqlEventParser;
import com.alibaba.otter.canal.parse.index.FailbackLogPositionManager;
import com.alibaba.otter.canal.parse.index.MemoryLogPositionManager;
import com.alibaba.otter.canal.parse.index.MetaLogPositionManager;
import com.alibaba.otter.canal.parse.support.AuthenticationInfo;
import com.alibaba.otter.canal.protocol.FlatMessage;
import com.alibaba.otter.canal.protocol.Message;
import com.alibaba.otter.canal.server.CanalMQStarter;
import com.alibaba.otter.canal.server.embedded.CanalServerWithEmbedded;
import com.alibaba.otter.canal.sink.entry.EntryEventSink;
import com.alibaba.otter.canal.store.memory.MemoryEventStoreWithBuffer;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A Canal server that sends flat messages to Kafka, set up by the two files that a user of Canal writes:
 * {@code CanalToKafka canal.properties instance.properties FOLDER}. Positions are kept in the folder.
 *
 * <p>Reading the binary log, filtering, converting to flat messages, and the loop that sends, acknowledges and goes back
 * are Canal's own. Ours are the two small parts that no registry has: putting the instance together, and the call of
 * Kafka's producer. As Canal's own sender it gives records no key.
 */
final class CanalToKafka {
    private CanalToKafka() {}

    public static void main(String[] files) throws Exception {
        Properties server = read(files[0]);
        Properties instance = read(files[1]);
        String name = server.getProperty("canal.destinations");
        CanalServerWithEmbedded canal = CanalServerWithEmbedded.instance();
        CanalInstance one = instance(name, server, instance, Path.of(files[2]));
        canal.setCanalInstanceGenerator(destination -> one);
        canal.start();
        canal.start(name);
        Sender sender = new Sender();
        sender.init(server);
        new CanalMQStarter(sender).start(name);
        Thread.currentThread().join();
    }

    private static Properties read(String file) throws IOException {
        Properties all = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(file))) {
            all.load(in);
        }
        return all;
    }

    private static CanalInstance instance(String name, Properties server, Properties given, Path folder) {
        LogAlarmHandler alarms = new LogAlarmHandler();
        FileMixedMetaManager positions = new FileMixedMetaManager();
        positions.setDataDirByFile(folder.toFile());
        positions.setPeriod(200);
        MemoryEventStoreWithBuffer store = new MemoryEventStoreWithBuffer();
        EntryEventSink sink = new EntryEventSink();
        sink.setEventStore(store);
        MysqlEventParser parser = parser(server, given);
        parser.setDestination(name);
        parser.setAlarmHandler(alarms);
        parser.setEventSink(sink);
        MetaLogPositionManager acknowledged = new MetaLogPositionManager(positions);
        parser.setLogPositionManager(new FailbackLogPositionManager(new MemoryLogPositionManager(), acknowledged));

        CanalMQConfig queue = new CanalMQConfig();
        queue.setTopic(given.getProperty("canal.mq.topic"));
        queue.setPartition(Integer.valueOf(given.getProperty("canal.mq.partition")));
        CanalInstanceWithSpring instance = new CanalInstanceWithSpring();
        instance.setDestination(name);
        instance.setAlarmHandler(alarms);
        instance.setMetaManager(positions);
        instance.setEventStore(store);
        instance.setEventSink(sink);
        instance.setEventParser(parser);
        instance.setMqConfig(queue);
        return instance;
    }

    private static MysqlEventParser parser(Properties server, Properties given) {
        String[] address = given.getProperty("canal.instance.master.address").split(":");
        AuthenticationInfo database = new AuthenticationInfo(
                new InetSocketAddress(address[0], Integer.parseInt(address[1])),
                given.getProperty("canal.instance.dbUsername"),
                given.getProperty("canal.instance.dbPassword"));
        MysqlEventParser parser = new MysqlEventParser();
        parser.setMasterInfo(database);
        parser.setSlaveId(Long.parseLong(given.getProperty("canal.instance.mysql.slaveId")));
        parser.setConnectionCharset(given.getProperty("canal.instance.connectionCharset"));
        parser.setIsGTIDMode(Boolean.parseBoolean(given.getProperty("canal.instance.gtidon")));
        parser.setEventFilter(new AviaterRegexFilter(given.getProperty("canal.instance.filter.regex")));
        parser.setFilterDmlDelete(Boolean.parseBoolean(given.getProperty("canal.instance.filter.dml.delete")));
        parser.setFilterQueryDml(Boolean.parseBoolean(server.getProperty("canal.instance.filter.query.dml")));
        parser.setFilterQueryDcl(Boolean.parseBoolean(server.getProperty("canal.instance.filter.query.dcl")));
        parser.setFilterQueryDdl(Boolean.parseBoolean(server.getProperty("canal.instance.filter.query.ddl")));
        parser.setEnableTsdb(Boolean.parseBoolean(server.getProperty("canal.instance.tsdb.enable")));
        parser.setHaController(new HeartBeatHAController());
        parser.setDetectingEnable(false);
        return parser;
    }

    /** Sends what Canal's conversion makes, and tells Canal whether Kafka has it. */
    private static final class Sender extends AbstractMQProducer {
        private static final String KAFKA = "kafka.";

        private KafkaProducer<byte[], byte[]> kafka;

        @Override
        public void init(Properties given) {
            mqProperties = new MQProperties();
            super.init(given);
            Properties settings = new Properties();
            for (Map.Entry<Object, Object> setting : given.entrySet()) {
                String name = setting.getKey().toString();
                if (name.startsWith(KAFKA)) {
                    settings.put(name.substring(KAFKA.length()), setting.getValue());
                }
            }
            kafka = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void send(MQDestination to, Message message, Callback callback) {
            try {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (FlatMessage flat : MQMessageUtils.messageConverter(
                        MQMessageUtils.buildMessageData(message, buildExecutor), message.getId())) {
                    byte[] text = JSON.toJSONBytes(flat, JSONWriter.Feature.WriteNulls);
                    sent.add(kafka.send(new ProducerRecord<>(to.getTopic(), to.getPartition(), null, text)));
                }
                for (Future<RecordMetadata> one : sent) {
                    one.get();
                }
                callback.commit();
            } catch (Exception e) {
                System.err.println("Kafka did not take the changes, they are sent again: " + e);
                callback.rollback();
            }
        }

        @Override
        public void stop() {
            kafka.close();
            super.stop();
        }
    }
}
