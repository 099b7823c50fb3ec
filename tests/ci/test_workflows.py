"""The workflows hold to least permissions, and their actions are pinned by commit."""

import re
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / ".github" / "workflows"
PATHS = sorted(FOLDER.glob("*.yml"))


@pytest.fixture(params=PATHS, ids=lambda path: path.name)
def workflow(request):
    return request.param.read_text(encoding="utf-8")


def test_there_are_three():
    assert [path.name for path in PATHS] == ["book.yml", "canary.yml", "test.yml"]


def test_actions_are_pinned_by_commit_with_their_version(workflow):
    lines = [line.strip() for line in workflow.splitlines() if "uses:" in line]
    assert lines
    for line in lines:
        assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$", line), line


def test_permissions_are_least(workflow):
    content = yaml.safe_load(workflow)
    assert content["permissions"] == {"contents": "read"}
    for name, job in content["jobs"].items():
        allowed = {"pages": "write", "id-token": "write"} if name == "publish" else {}
        assert job.get("permissions", {}) == allowed
    assert "pull_request_target" not in workflow


def test_code_of_pull_requests_stays_off_our_own_machine():
    jobs = yaml.safe_load((FOLDER / "test.yml").read_text(encoding="utf-8"))["jobs"]
    assert "self-hosted" in jobs["cuda"]["runs-on"]
    assert "github.event_name == 'push'" in jobs["cuda"]["if"]


def test_commands_of_the_workflows_exist(workflow):
    named = re.findall(r"ci/\w+\.py", workflow)
    assert all((FOLDER.parents[1] / name).is_file() for name in named)
