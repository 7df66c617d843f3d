using System.Text.Json;
using System.Text.Json.Nodes;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Shared.Tests.Files;

public sealed class JsonTextTests : IDisposable
{
    private static readonly string[] Wrong =
    [
        "null",
        "\"four\"",
        "-1.5",
        "1e400",
        "[]",
        "[null]",
        "{}",
        "true",
        "\"\\u0000\"",
        "99999999999999999999",
    ];

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Wrong_values_are_described()
    {
        var good = JsonSerializer.SerializeToNode(
            new ProbeAnswer
            {
                Files = [new("d.h5", 5, default, default, 1)],
                Warnings = ["one"],
                Digest = "0",
                Estimates = Estimates,
            },
            RunJson.Default.ProbeAnswer
        )!;
        foreach (var path in Paths(good, "$").ToList())
        {
            foreach (var wrong in Wrong)
            {
                var copy = good.DeepClone();
                Put(copy, path, wrong);
                File.WriteAllText(_file, copy.ToJsonString());
                if (Record.Exception(() => JsonFile.Read(_file, RunJson.Default.ProbeAnswer)) is not { } refusal)
                    continue;
                refusal
                    .ShouldBeOfType<BadInputException>($"{path} = {wrong}")
                    .Message.ShouldSatisfyAllConditions(
                        words => words.ShouldStartWith($"'{_file}'"),
                        words => words.ShouldNotContain("System."),
                        words => words.ShouldNotContain("HpcFit."),
                        words => words.ShouldNotContain("Path:")
                    );
            }
        }
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("null", "holds null")]
    [InlineData("{\"analysis\": \"a\", \"analysis\": \"b\"}", "'analysis' occurs twice")]
    [InlineData("{\"analysis\": \"a\", \"analyses\": \"b\"}", "the key 'analyses' is unknown")]
    [InlineData("{}", "'analysis' is missing")]
    [InlineData("{\"analysis\": 3}", "'analysis' has a value of the wrong kind")]
    [InlineData("{\"analysis\": null}", "is null; a value was expected")]
    [InlineData("{\"analysis\": \"a\", \"overwrite\": 1}", "'overwrite' has a value of the wrong kind")]
    [InlineData(
        "{\"analysis\": \"a\",\n \"maxJournalBytes\": \"four\"}",
        "line 2, byte 27: 'maxJournalBytes' has a value of the wrong kind"
    )]
    [InlineData("{\"analysis\": \"a\"", "line 1")]
    public void Errors_are_reported_with_their_position(string json, string words)
    {
        File.WriteAllText(_file, json);
        Should.Throw<BadInputException>(() => JsonFile.Read(_file, RunJson.Default.OutputTarget)).Message.ShouldContain(words);
    }

    private static ProbeEstimates Estimates =>
        new()
        {
            ElementsPerStripe = 5,
            Stripes = 1,
            SecondsPerElement = 1,
            BaseBytes = 1,
            BytesPerThread = 1,
        };

    private static IEnumerable<string> Paths(JsonNode node, string path) =>
        node switch
        {
            JsonObject item => item.Where(pair => pair.Value is not null)
                .SelectMany(pair => Paths(pair.Value!, pair.Value!.GetPath()))
                .Append(path),
            JsonArray list => list.Where(item => item is not null).SelectMany(item => Paths(item!, item!.GetPath())).Append(path),
            _ => [path],
        };

    private static void Put(JsonNode root, string path, string json)
    {
        foreach (var node in Nodes(root).Where(node => node.GetPath() == path && node.Parent is not null))
            Replace(node, JsonNode.Parse(json));
    }

    private static void Replace(JsonNode node, JsonNode? value)
    {
        if (node.Parent is JsonObject item)
            item[node.GetPropertyName()] = value;
        else if (node.Parent is JsonArray list)
            list[node.GetElementIndex()] = value;
    }

    private static List<JsonNode> Nodes(JsonNode node) =>
        node switch
        {
            JsonObject item => [node, .. item.Where(pair => pair.Value is not null).SelectMany(pair => Nodes(pair.Value!))],
            JsonArray list => [node, .. list.Where(child => child is not null).SelectMany(child => Nodes(child!))],
            _ => [node],
        };
}
