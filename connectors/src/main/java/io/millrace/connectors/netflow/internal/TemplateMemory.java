package io.millrace.connectors.netflow.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.ExportSource;

/**
 * What exporters have announced over datagrams, as bytes: a mark, a version, the domains with their templates, sampling
 * rates, start and applications, and a checksum. Connections announce all that again when they are opened. Reading keeps to
 * the decoder's limits whatever the bytes are.
 */
public final class TemplateMemory {
    /** First four bytes: "MRtm". */
    public static final int MARK = 0x4d52746d;

    private static final int VERSION = 1;
    private static final int CHECKSUM = 4;

    private final Domains domains;
    private final DecoderLimits limits;

    public TemplateMemory(Domains domains, DecoderLimits limits) {
        this.domains = domains;
        this.limits = limits;
    }

    /** All that is remembered. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            List<Domain> kept = domains.all().stream()
                    .filter(domain -> domain.key().source().transport() == ExportSource.Transport.DATAGRAM)
                    .filter(domain -> domain.size() > 0 || domain.systemInitMillis() >= 0)
                    .sorted(Comparator.comparing(domain -> domain.key().toString()))
                    .toList();
            out.writeInt(MARK);
            out.writeInt(VERSION);
            out.writeInt(kept.size());
            for (Domain domain : kept) {
                write(domain, out);
            }
            out.flush();
            out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be written", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Remembers what the bytes hold.
     *
     * @throws IllegalArgumentException if they are damaged or of another version; nothing is remembered then
     */
    public void restore(byte[] bytes) {
        if (bytes.length < 12 + CHECKSUM) {
            throw new IllegalArgumentException("it is cut off");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MARK) {
                throw new IllegalArgumentException("it holds no templates");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw new IllegalArgumentException("it is of version " + version + ", not " + VERSION);
            }
            int end = bytes.length - CHECKSUM;
            int said = new DataInputStream(new ByteArrayInputStream(bytes, end, CHECKSUM)).readInt();
            if (said != checksum(bytes, end)) {
                throw new IllegalArgumentException("its checksum is wrong");
            }
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                read(in);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("it is cut off", e);
        }
    }

    private static void write(Domain domain, DataOutputStream out) throws IOException {
        Domain.Key key = domain.key();
        out.writeUTF(key.source().address());
        out.writeInt(key.source().port());
        out.writeInt(key.version());
        out.writeLong(key.number());
        out.writeLong(domain.systemInitMillis());
        out.writeInt(domain.templates().size());
        List<Template> templates = new ArrayList<>(domain.templates());
        templates.sort(Comparator.comparingInt(Template::id));
        for (Template template : templates) {
            write(template, out);
        }
        Map<Scope, Double> rates = domain.sampling().announced();
        out.writeInt(rates.size());
        for (Map.Entry<Scope, Double> rate : rates.entrySet()) {
            out.writeInt(rate.getKey().parts().size());
            for (Map.Entry<Integer, Long> part : rate.getKey().parts().entrySet()) {
                out.writeInt(part.getKey());
                out.writeLong(part.getValue());
            }
            out.writeDouble(rate.getValue());
        }
        out.writeInt(domain.applications().size());
        for (Map.Entry<String, String> application : domain.applications().entrySet()) {
            out.writeUTF(application.getKey());
            out.writeUTF(application.getValue());
        }
    }

    private static void write(Template template, DataOutputStream out) throws IOException {
        out.writeShort(template.id());
        out.writeBoolean(template.options());
        out.writeBoolean(template.bidirectionalCounters());
        out.writeInt(template.fields().size());
        for (Template.Field field : template.fields()) {
            out.writeInt(field.enterprise());
            out.writeInt(field.element());
            out.writeShort(field.length());
            out.writeBoolean(field.scope());
        }
    }

    private void read(DataInputStream in) throws IOException {
        ExportSource source = ExportSource.datagrams(in.readUTF(), in.readInt());
        int version = in.readInt();
        Domain domain = domains.of(source, version, in.readLong());
        domain.systemInit(in.readLong());
        int templates = in.readInt();
        for (int i = 0; i < templates; i++) {
            Template template = template(in);
            domains.change(domain, () -> domain.learn(template, limits.templatesPerDomain(), limits.templateFields()));
        }
        int rates = in.readInt();
        for (int i = 0; i < rates; i++) {
            int parts = in.readInt();
            Map<Integer, Long> scope = new HashMap<>();
            for (int part = 0; part < parts; part++) {
                scope.put(in.readInt(), in.readLong());
            }
            double rate = in.readDouble();
            domains.change(domain, () -> domain.sampling().announce(new Scope(scope), rate));
        }
        int applications = in.readInt();
        for (int i = 0; i < applications; i++) {
            String id = in.readUTF();
            String name = in.readUTF();
            domains.change(domain, () -> domain.application(id, name));
        }
    }

    private static Template template(DataInputStream in) throws IOException {
        int id = in.readUnsignedShort();
        boolean options = in.readBoolean();
        boolean bidirectional = in.readBoolean();
        int count = in.readInt();
        List<Template.Field> fields = new ArrayList<>();
        int minimum = 0;
        for (int i = 0; i < count; i++) {
            Template.Field field =
                    new Template.Field(in.readInt(), in.readInt(), in.readUnsignedShort(), in.readBoolean());
            minimum += field.minimum();
            fields.add(field);
        }
        return new Template(id, options, List.copyOf(fields), minimum, bidirectional);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
