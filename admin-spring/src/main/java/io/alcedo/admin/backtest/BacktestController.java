package io.alcedo.admin.backtest;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.Slice;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Rules tried on logs. */
@RestController
@RequestMapping("/api")
@Tag(name = "backtests")
class BacktestController {
    private final Backtests backtests;
    private final DataSets dataSets;

    BacktestController(Backtests backtests, DataSets dataSets) {
        this.backtests = backtests;
        this.dataSets = dataSets;
    }

    @GetMapping("/data_sets")
    @Operation(operationId = "listDataSets", summary = "Logs that were uploaded, the latest first")
    Page<DataSet> listDataSets(@Valid @ParameterObject Slice slice) {
        return dataSets.list(slice);
    }

    @PostMapping(path = "/data_sets", consumes = "application/x-ndjson")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            operationId = "uploadDataSet",
            summary = "A log, an event a line in any order; lines that cannot be read are counted and left out")
    DataSet upload(@RequestParam @NotBlank @Size(max = 200) String name, InputStream body, @CurrentActor Actor actor)
            throws IOException {
        return dataSets.add(name, body, actor);
    }

    @DeleteMapping("/data_sets/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "removeDataSet", summary = "Remove a log; results of backtests on it stay")
    void remove(@PathVariable long id, @CurrentActor Actor actor) throws IOException {
        dataSets.remove(id, actor);
    }

    @GetMapping("/backtests")
    @Operation(operationId = "listBacktests", summary = "Backtests, the latest first")
    Page<Backtest> list(
            @RequestParam(required = false) @Size(max = 64) String rule, @Valid @ParameterObject Slice slice) {
        return backtests.list(rule, slice);
    }

    @PostMapping("/backtests")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(operationId = "startBacktest", summary = "Try a rule on a log, in the background")
    Backtest start(@Valid @RequestBody BacktestRequest wanted, @CurrentActor Actor actor) {
        return backtests.start(wanted, actor);
    }

    @GetMapping("/backtests/{id}")
    @Operation(operationId = "getBacktest", summary = "Its progress, and its result once it is done")
    Backtest get(@PathVariable long id) {
        return backtests.get(id);
    }

    @PostMapping("/backtests/{id}/cancel")
    @Operation(operationId = "cancelBacktest", summary = "End it; one that has ended stays as it is")
    Backtest cancel(@PathVariable long id, @CurrentActor Actor actor) {
        return backtests.cancel(id, actor);
    }
}
