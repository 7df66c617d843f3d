using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Engines;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Reference;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Summaries;

/// <summary>The random effects and predictions of a mixed model at one element, as CSV or JSON.</summary>
internal static class PredictionTables
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Fits an element; the tables as lines of text.</summary>
    /// <param name="spec">The model and its data.</param>
    /// <param name="number">The element, counted from 1.</param>
    /// <param name="tables">Which tables; as CSV exactly one.</param>
    /// <param name="describe">Receives the subjects and variables of the model, before it is fitted.</param>
    /// <param name="warn">Receives warnings about the model.</param>
    /// <exception cref="BadInputException">There is no such element, its fit failed, or the model has no random effects.</exception>
    public static IReadOnlyList<string> Lines(
        RunSpec spec,
        long number,
        RequestedTables tables,
        Action<ModelFrame> describe,
        Action<string> warn
    )
    {
        using var model = RunModel.Open(spec, ModelEngines.Create, new());
        var id = ElementNumber.ToId(number, model.Engine.Scalars[0], model.Inputs.TotalElements);
        describe(model.Frame);
        foreach (var warning in model.Warnings)
            warn(warning);
        using var fitter = new StripeFitter(model);
        var element = new ElementRange(id, id + 1);
        fitter.Read(element);
        var (block, status) = (fitter.Values(element), ElementStatus.Fitted);
        var predictions = (model.Engine is ReferenceMixedEngine reference ? reference.Engine : model.Engine) switch
        {
            MixedEngine one => InterceptPredictions.Compute(one, block, 0, out status),
            StructuredEngine several => StructuredPredictions.Compute(several, block, 0, out status),
            _ => throw new BadInputException(
                $"--model {spec.Model.Engine} has no random effects and predictions to print. A model that has them: lmm."
            ),
        };
        if (predictions is null)
            throw new BadInputException(
                $"The {ElementNumber.Title(id, model.Inputs.TotalElements)}, has no fit of '{spec.Model.Formula}': its status is "
                    + $"{(int)status}, {status}."
            );
        return tables.AsJson ? [Json(spec, id, predictions, tables, model.Sources)]
            : tables.RandomEffects ? Effects(predictions)
            : Rows(predictions, model.Sources);
    }

    private static List<string> Effects(ElementPredictions predictions) =>
        [
            "group,level,term,estimate,std.error",
            .. predictions.Effects.Select(one =>
                string.Join(
                    ',',
                    CsvText.Quoted(one.Group),
                    CsvText.Quoted(one.Level),
                    CsvText.Quoted(one.Term),
                    CsvText.Number(one.Estimate),
                    CsvText.Number(one.StandardError)
                )
            ),
        ];

    private static List<string> Rows(ElementPredictions predictions, IReadOnlyList<string> sources) =>
        [
            "source_file,response,fixed,fitted,residual",
            .. predictions.Rows.Select(row =>
                string.Join(
                    ',',
                    CsvText.Quoted(sources[row.Subject]),
                    CsvText.Number(row.Response),
                    CsvText.Number(row.Fixed),
                    CsvText.Number(row.Fitted),
                    CsvText.Number(row.Response - row.Fitted)
                )
            ),
        ];

    private static string Json(RunSpec spec, long id, ElementPredictions predictions, RequestedTables tables, IReadOnlyList<string> sources)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, Readable))
        {
            json.WriteStartObject();
            json.WriteString("formula", spec.Model.Formula);
            json.WriteNumber("element", id + 1);
            json.WriteNumber("element_id", id);
            if (tables.RandomEffects)
            {
                json.WriteStartArray("random_effects");
                foreach (var one in predictions.Effects)
                {
                    json.WriteStartObject();
                    json.WriteString("group", one.Group);
                    json.WriteString("level", one.Level);
                    json.WriteString("term", one.Term);
                    json.WriteNumber("estimate", one.Estimate);
                    json.WriteNumber("std.error", one.StandardError);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            if (tables.Predictions)
            {
                json.WriteStartArray("predictions");
                foreach (var row in predictions.Rows)
                {
                    json.WriteStartObject();
                    json.WriteString("source_file", sources[row.Subject]);
                    json.WriteNumber("response", row.Response);
                    json.WriteNumber("fixed", row.Fixed);
                    json.WriteNumber("fitted", row.Fitted);
                    json.WriteNumber("residual", row.Response - row.Fitted);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(memory.ToArray());
    }
}
