package dev.weft.lab;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The lab's state file: what another process needs to find a lab, and to take it down after a crash. */
final class LabFile {

    private final Path directory;
    private final Path file;

    LabFile(Path directory) {
        this.directory = directory;
        this.file = directory.resolve("lab.properties");
    }

    boolean exists() {
        return Files.exists(file);
    }

    void write(LabSpec spec, LabProcess.Identity owner, Map<String, LabProcess> processes) {
        Properties properties = new Properties();
        properties.setProperty("name", spec.name());
        properties.setProperty("hosts", Integer.toString(spec.hosts()));
        properties.setProperty("store", spec.store().name());
        properties.setProperty("replicas", Integer.toString(spec.replicas()));
        properties.setProperty("etcd", Integer.toString(spec.etcdMembers()));
        properties.setProperty("kafka", Boolean.toString(spec.kafka()));
        properties.setProperty("underlay", spec.underlay().name());
        properties.setProperty("mtu", Integer.toString(spec.mtu()));
        properties.setProperty("lifetime", spec.lifetime().name());
        properties.setProperty("home", spec.home().toString());
        properties.setProperty("owner.pid", Long.toString(owner.pid()));
        properties.setProperty("owner.start", Long.toString(owner.startTicks()));
        processes.forEach((name, process) -> process.describe()
                .forEach((key, value) -> properties.setProperty("process." + name + "." + key, value)));
        // Commands that run at the same time do not write into one draft.
        Path draft = file.resolveSibling(
                "lab.properties.new." + ProcessHandle.current().pid());
        try (Writer writer = Files.newBufferedWriter(draft)) {
            properties.store(writer, null);
        } catch (IOException e) {
            throw new LabException("write " + draft + ": " + e.getMessage(), e);
        }
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LabException("write " + file + ": " + e.getMessage(), e);
        }
    }

    /** What the file says. */
    record Contents(LabSpec spec, LabProcess.Identity owner, Map<String, LabProcess> processes) {}

    Contents read() {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new LabException("read " + file + ": " + e.getMessage(), e);
        }
        LabSpec spec = new LabSpec(
                value(properties, "name"),
                Integer.parseInt(value(properties, "hosts")),
                LabSpec.StoreKind.valueOf(value(properties, "store")),
                // A lab of an older version has one of each, and no Kafka.
                Integer.parseInt(properties.getProperty("replicas", "1")),
                Integer.parseInt(properties.getProperty("etcd", "1")),
                Boolean.parseBoolean(properties.getProperty("kafka", "false")),
                LabSpec.UnderlayFamily.valueOf(value(properties, "underlay")),
                Integer.parseInt(value(properties, "mtu")),
                LabSpec.Lifetime.valueOf(value(properties, "lifetime")),
                Path.of(value(properties, "home")),
                directory);
        LabProcess.Identity owner = new LabProcess.Identity(
                Long.parseLong(value(properties, "owner.pid")), Long.parseLong(value(properties, "owner.start")));
        Map<String, Map<String, String>> descriptions = new LinkedHashMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith("process.")) {
                String[] parts = key.split("\\.", 3);
                descriptions
                        .computeIfAbsent(parts[1], name -> new LinkedHashMap<>())
                        .put(parts[2], value(properties, key));
            }
        }
        Map<String, LabProcess> processes = new LinkedHashMap<>();
        descriptions.forEach((name, description) -> processes.put(name, LabProcess.from(name, description)));
        return new Contents(spec, owner, processes);
    }

    private String value(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new LabException(file + " lacks '" + key + "'");
        }
        return value;
    }
}
