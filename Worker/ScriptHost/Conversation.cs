using System.Runtime.InteropServices;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Functions;

namespace HpcFit.ScriptHost;

/// <summary>Handles the worker's requests (docs/formats/bridge.md) until the pipe is closed.</summary>
internal sealed class Conversation
{
    private readonly BridgeReader _reader;
    private readonly BridgeWriter _writer;
    private readonly FunctionDefinition _definition;
    private readonly Func<ElementData, object?> _function;
    private readonly Dictionary<string, string> _arguments;
    private readonly int[] _allRows;
    private IReadOnlyList<string> _columns = [];

    private Conversation(BridgeReader reader, BridgeWriter writer, FunctionDefinition definition)
    {
        (_reader, _writer, _definition) = (reader, writer, definition);
        _function = definition.IsAssembly ? AssemblyFunction.Load(definition) : ScriptFunction.Load(definition);
        _arguments = NamedArguments
            .Parse(definition.Arguments)
            .ToDictionary(argument => argument.Name, argument => NamedArguments.Unquoted(argument.Value));
        _allRows = [.. Enumerable.Range(0, definition.Cohort.Rows)];
    }

    /// <summary>Loads the function and handles requests.</summary>
    /// <returns>The process's exit code if the function cannot be loaded; otherwise it does not return.</returns>
    /// <exception cref="EndOfStreamException">The worker has closed the pipe.</exception>
    public static int Hold(BridgeReader reader, BridgeWriter writer)
    {
        Conversation conversation;
        try
        {
            conversation = new(reader, writer, FunctionDefinition.Read(reader));
        }
#pragma warning disable CA1031 // whatever user code throws while it is loaded is reported to the user
        catch (Exception failure) when (failure is not EndOfStreamException)
#pragma warning restore CA1031
        {
            writer.Write(1);
            writer.Write(Message(failure));
            writer.Send();
            return 1;
        }
        writer.Write(0);
        writer.Write(RuntimeInformation.FrameworkDescription);
        writer.Send();
        while (true)
            conversation.Answer();
    }

    private void Answer()
    {
        switch ((BridgeQuestion)_reader.ReadInt())
        {
            case BridgeQuestion.Fit:
                Fit();
                break;
            case BridgeQuestion.Learn:
                Learn();
                break;
            case BridgeQuestion.Columns:
                _columns = _reader.ReadTexts();
                return;
            case var unknown:
                throw new InvalidDataException($"The worker sent the request {unknown}, which this host does not know.");
        }
        _writer.Send();
    }

    private void Fit()
    {
        var batch = ReadBatch();
        var (failed, result, messages) = (new int[batch.Count], new double[batch.Count * _columns.Count], new List<string>());
        for (var i = 0; i < batch.Count; i++)
        {
            var (answer, failure) = Call(batch[i]);
            answer?.CopyTo(result, i * _columns.Count);
            if (failure is null)
                continue;
            failed[i] = 1;
            messages.Add(failure);
        }
        _writer.Write(failed);
        _writer.Write(result);
        _writer.Write(messages);
    }

    private void Learn()
    {
        var data = ReadBatch()[0];
        if (_definition.BySource)
            _columns = SourceMatching.Names(_definition.Cohort);
        var (names, values, failure) = Guarded(() =>
        {
            var answer = ScriptHost.Answer.From(_function(data));
            return _definition.BySource ? (_columns, answer.Arrange(_columns, bySource: true)) : (answer.Names, [.. answer.Values]);
        });
        _writer.Write(failure is null ? 0 : 1);
        if (failure is null)
        {
            _writer.Write(names!);
            _writer.Write(values!);
        }
        else
        {
            _writer.Write(failure);
        }
    }

    private (double[]? Values, string? Failure) Call(ElementData data)
    {
        var (_, values, failure) = Guarded(() =>
            (_columns, ScriptHost.Answer.From(_function(data)).Arrange(_columns, _definition.BySource))
        );
        return (values, failure);
    }

    private static (IReadOnlyList<string>? Names, double[]? Values, string? Failure) Guarded(Func<(IReadOnlyList<string>, double[])> call)
    {
        try
        {
            var (names, values) = call();
            return (names, values, null);
        }
#pragma warning disable CA1031 // whatever user code throws is reported as the element's failure
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return (null, null, Message(failure));
        }
    }

    private List<ElementData> ReadBatch()
    {
        var count = _reader.ReadInt();
        var (seeds, complete) = (new int[count], new int[count]);
        _reader.ReadInts(seeds);
        _reader.ReadInts(complete);
        var batch = new List<ElementData>(count);
        for (var i = 0; i < count; i++)
        {
            var values = new double[_definition.Cohort.Rows * _definition.Scalars.Count];
            _reader.ReadDoubles(values);
            batch.Add(
                new(_definition.Cohort, _definition.Scalars, values, complete[i] != 0 ? _allRows : Finite(values), seeds[i], _arguments)
            );
        }
        return batch;
    }

    private int[] Finite(double[] values)
    {
        var rows = _definition.Cohort.Rows;
        return
        [
            .. _allRows.Where(row =>
                Enumerable.Range(0, _definition.Scalars.Count).All(scalar => double.IsFinite(values[(scalar * rows) + row]))
            ),
        ];
    }

    private static string Message(Exception failure) =>
        failure is HpcFitException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
}
