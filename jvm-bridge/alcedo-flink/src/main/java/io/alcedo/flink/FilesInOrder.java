package io.alcedo.flink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.assigners.FileSplitAssigner;

/**
 * Hands files to readers in the order of their paths. Logs are named by their day or number: a reader that took a later
 * file first would make every event of an earlier one late.
 */
final class FilesInOrder implements FileSplitAssigner {
    private final List<FileSourceSplit> waiting;

    FilesInOrder(Collection<FileSourceSplit> splits) {
        waiting = new ArrayList<>(splits);
        sort();
    }

    private void sort() {
        waiting.sort(Comparator.comparing(split -> split.path().getPath()));
    }

    @Override
    public Optional<FileSourceSplit> getNext(String hostname) {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.remove(0));
    }

    @Override
    public void addSplits(Collection<FileSourceSplit> splits) {
        waiting.addAll(splits);
        sort();
    }

    @Override
    public Collection<FileSourceSplit> remainingSplits() {
        return waiting;
    }
}
