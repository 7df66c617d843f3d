using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The tables that <c>hpcfit element</c> prints of a mixed model instead of its summary.</summary>
internal sealed class PredictionOptions
{
    private readonly Option<bool> _randomEffects = SwitchOption.Create(
        "--random-effects",
        "lmm: print the random effects and their conditional standard deviations as CSV, as lme4's ranef(condVar=TRUE)"
    );
    private readonly Option<bool> _predictions = SwitchOption.Create(
        "--predictions",
        "lmm: print the response, the fixed part, the fitted value and the residual of each row as CSV"
    );
    private readonly Option<bool> _json = JsonOption.Create();

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_randomEffects, _predictions, _json])
            command.Options.Add(option);
    }

    /// <summary>The spec, unless the options have no output with it.</summary>
    /// <exception cref="UsageException">Two CSV tables, JSON without a table, or another model.</exception>
    public RunSpec Checked(RunSpec spec, ParseResult line)
    {
        var (effects, rows, json) = (line.GetValue(_randomEffects), line.GetValue(_predictions), line.GetValue(_json));
        var option = effects ? _randomEffects : _predictions;
        if (effects && rows && !json)
            throw new UsageException(
                $"{_randomEffects.Name} and {_predictions.Name} are two CSV tables. Choose one, or {_json.Name} for both in one object."
            );
        if (json && !effects && !rows)
            throw new UsageException(
                $"{_json.Name} needs {_randomEffects.Name} or {_predictions.Name}; other output has no JSON form. Add one, or omit it."
            );
        if ((effects || rows) && (spec.Model.Engine != "lmm" || spec.Model.Formula.Length == 0))
            throw new UsageException(
                $"{option.Name} is available for --model lmm, whose groups have random effects, not for "
                    + (spec.Model.Formula.Length == 0 ? "an element without a model" : $"--model {spec.Model.Engine}")
                    + ". Fit --model lmm, or omit the option."
            );
        return spec;
    }

    /// <summary>The worker's options.</summary>
    public IEnumerable<string> Arguments(ParseResult line) =>
        ((Option<bool>[])[_randomEffects, _predictions, _json]).Where(option => line.GetValue(option)).Select(option => option.Name);
}
